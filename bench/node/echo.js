// A server of the published WSDL by node-soap, whose executeMethod answers the values that
// it was given, without CONTEXT, and does nothing else.
// usage: node echo.js WSDL
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const soap = require('soap');

const namespace = 'http://soap.CDRator.com/';

// A keyed value in the form in which node-soap writes an xsi:type, which is not the one in
// which it reads one; a Date it would write as an empty element.
function keyed(read) {
  const type = read.attributes['xsi:type'].split(':').pop();
  const out = { attributes: { xsi_type: { type, xmlns: namespace } }, key: read.key };
  if (type === 'complexValueDTO') out.value = [].concat(read.value || []).map(keyed);
  else out.value = read.value instanceof Date ? read.value.toISOString() : read.value;
  return out;
}

const service = {
  InvokerService: {
    InvokerPort: {
      executeMethod({ arg0 }) {
        const values = [].concat(arg0.values || []).filter((value) => value.key !== 'CONTEXT').map(keyed);
        return { return: { errorCode: 0, errorMessage: '', status: 0, values } };
      },
    },
  },
};

const server = http.createServer((request, response) => response.writeHead(404).end());
server.listen(0, '127.0.0.1', () => {
  soap.listen(server, { path: '/workflow-soap/InvokerService', services: service, xml: fs.readFileSync(process.argv[2], 'utf8') });
  console.log(`serving http://127.0.0.1:${server.address().port}/`);
});
