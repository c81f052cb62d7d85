'use strict';
// The types of the contract, in the form node-soap documents for xsi:type.

const namespace = 'http://soap.CDRator.com/';

function value(type, key, content) {
  const dto = { attributes: { xsi_type: { type: type + 'ValueDTO', xmlns: namespace } }, key };
  if (content !== undefined) {
    dto.value = content;
  }
  return dto;
}

const text = (key, content) => value('string', key, content);
const complex = (key, ...children) => value('complex', key, children);

// everyType is what the echo steps send. A long above 2^53 goes as text, because
// a number of JavaScript would be rounded; a date too, because node-soap sends a
// Date as an empty element.
const everyType = () => [
  text('NAME', 'Åse & <Øre> €'),
  text('NIL', null),
  text('EMPTY', ''),
  value('long', 'ID', '9007199254740993'),
  value('double', 'PRICE', 12.5),
  value('date', 'DOB', '1980-01-31T00:00:00+01:00'),
  value('boolean', 'OK', true),
  complex('INNER', value('long', 'ID', '9007199254740993'), text('LEAF', 'one'), text('LEAF', 'two')),
];

const customer = (username) => [
  text('ACCOUNT_TYPE', '0'),
  text('PRODUCT_CODE', 'POST_PAID'),
  complex(
    'USER',
    text('FIRST_NAME', 'Åse & <Øre> €'),
    text('LAST_NAME', 'Ærlig'),
    text('EMAIL', 'aase@example.com'),
    text('CITY', 'Århus'),
    text('ZIP', '8000'),
    text('USERNAME', username),
    text('PASSWORD', 'correct horse battery'),
  ),
];

const context = () =>
  complex('CONTEXT', text('LANGUAGE', 'EN'), text('OPERATOR', 'demo'), text('PASSWORD', 'demo'), text('BRAND_KEY', 'DEMO'));

module.exports = { text, everyType, customer, context };
