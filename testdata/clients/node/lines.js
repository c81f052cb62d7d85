'use strict';
// Prints an answer as the lines of one step, "step.KEY type value", in the form
// ../README.md lays down for all clients.

function line(name, type, shown) {
  console.log(`${name} ${type} ${shown}`);
}

function number(name, value) {
  line(name, 'int', value);
}

function text(name, value) {
  line(name, 'string', shown('string', value));
}

function values(path, list) {
  const count = new Map();
  for (const { key } of list) {
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  const seen = new Map();
  for (const dto of list) {
    let name = `${path}.${dto.key}`;
    if (count.get(dto.key) > 1) {
      seen.set(dto.key, (seen.get(dto.key) ?? 0) + 1);
      name += `[${seen.get(dto.key)}]`;
    }
    const type = dto.attributes?.['xsi:type']?.replace(/^.*:|ValueDTO$/g, '') ?? 'untyped';
    if (type === 'complex' && children(dto).length > 0) {
      values(name, children(dto));
    } else {
      line(name, type, shown(type, dto.value));
    }
  }
}

// children are those of a complex value. node-soap gives an only child as it is,
// and leaves the member out where there is none.
function children(dto) {
  return [dto.value ?? []].flat();
}

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

module.exports = { number, text, values, children };
