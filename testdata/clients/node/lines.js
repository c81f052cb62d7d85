'use strict';
// Prints an answer as the lines of one step, "step.KEY type value", in the form
// ../README.md lays down for all clients.

function line(name, type, value) {
  console.log(`${name} ${type} ${shown(type, value)}`);
}

// head is what every answer begins with.
function head(step, answer) {
  line(`${step}.errorCode`, 'int', answer.errorCode);
  line(`${step}.errorMessage`, 'string', answer.errorMessage);
  line(`${step}.status`, 'int', answer.status);
}

// fault prints the fault that an error holds; any other error it throws again.
function fault(step, error) {
  if (!error.root) {
    throw error;
  }
  const said = error.root.Envelope.Body.Fault;
  line(`${step}.faultcode`, 'string', (said.faultcode ?? said.Code.Value).replace(/^.*:/, ''));
  line(`${step}.faultstring`, 'string', said.faultstring ?? said.Reason.Text.$value);
}

function values(path, entries) {
  const count = new Map();
  for (const { key } of entries) {
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  const seen = new Map();
  for (const dto of entries) {
    let name = `${path}.${dto.key}`;
    if (count.get(dto.key) > 1) {
      seen.set(dto.key, (seen.get(dto.key) ?? 0) + 1);
      name += `[${seen.get(dto.key)}]`;
    }
    const type = dto.attributes?.['xsi:type']?.replace(/^.*:|ValueDTO$/g, '') ?? 'untyped';
    if (type === 'complex' && children(dto).length > 0) {
      values(name, children(dto));
    } else {
      line(name, type, dto.value);
    }
  }
}

// list is what a member that repeats holds. node-soap gives a list of one as its
// item, and leaves the member out where there is none.
function list(member) {
  return [member ?? []].flat();
}

// children are those of a complex value.
const children = (dto) => list(dto.value);

function shown(type, value) {
  if (type === 'complex') {
    return '{}';
  }
  if (value === undefined || value === null) {
    return 'null';
  }
  switch (type) {
    case 'string':
      return JSON.stringify(value);
    case 'date':
      return value.toISOString().replace('.000Z', 'Z');
    default:
      return String(value);
  }
}

module.exports = { line, head, fault, values, list, children };
