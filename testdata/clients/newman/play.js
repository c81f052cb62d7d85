// Sends the requests of a Postman collection again and again and prints, as JSON,
// what came of it: the milliseconds without the start of node, the requests and the
// tests that failed.
// usage: node play.js COLLECTION ITERATIONS
'use strict';

const newman = require('newman');

const [collection, iterations] = process.argv.slice(2);
newman.run({
  collection: require(require('path').resolve(collection)),
  iterationCount: Number(iterations),
  reporters: [],
}, (error, summary) => {
  if (error) throw error;
  const { timings, stats, failures } = summary.run;
  console.log(JSON.stringify({
    milliseconds: timings.completed - timings.started,
    requests: stats.requests.total,
    failures: failures.length,
    first: failures.length ? String(failures[0].error.message) : '',
  }));
});
