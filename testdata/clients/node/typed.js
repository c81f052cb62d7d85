'use strict';
// Calls two hookpoints by their typed WSDL: members are properties, named by the keys.

const soap = require('soap');
const lines = require('./lines');

const CONTEXT = { LANGUAGE: 'EN', OPERATOR: 'demo', PASSWORD: 'demo', BRAND_KEY: 'DEMO' };

const customer = (username) => ({
  ACCOUNT_TYPE: '0',
  PRODUCT_CODE: 'POST_PAID',
  USER: {
    FIRST_NAME: 'Åse & <Øre> €',
    LAST_NAME: 'Ærlig',
    EMAIL: 'aase@example.com',
    CITY: 'Århus',
    ZIP: '8000',
    BIRTHDAY: '1980-01-31T00:00:00',
    CREDIT_LIMIT: '9007199254740993',
    USERNAME: username,
  },
  SIGNUP_SERVICES: { CDMA_SERVICE: [{ ORDER_ID: '1' }, { ORDER_ID: '2' }] },
});

async function run(endpoint, username) {
  const client = await soap.createClientAsync(`${endpoint}?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER`, {
    disableCache: true,
    customDeserializer: { long: (digits) => BigInt(digits) },
  });

  async function call(step, hookpoint, members) {
    let answer;
    try {
      [answer] = await client[`${hookpoint}Async`]({ ...members, CONTEXT });
    } catch (error) {
      lines.fault(step, error);
      return undefined;
    }
    lines.head(step, answer);
    return answer;
  }

  const { ACCOUNT: account } = await call('typedSignup', 'SOAP_SIGNUP_CUSTOMER', customer(username));
  for (const group of lines.list(account.BILLING_GROUPS.BILLING_GROUP)) {
    lines.line('typedSignup.BALANCE', 'double', group.BALANCE);
    lines
      .list(group.SUBSCRIPTIONS.SUBSCRIPTION)
      .flatMap((subscription) => lines.list(subscription.SERVICE))
      .forEach((service, i) => lines.line(`typedSignup.ORDER_ID[${i + 1}]`, 'string', service.ORDER_ID));
  }
  const { USER: user } = await call('typedUser', 'SOAP_GET_USER', { USER_ID: account.OWNER_ID });
  lines.line('typedUser.FIRST_NAME', 'string', user.FIRST_NAME);
  lines.line('typedUser.BIRTHDAY', 'date', user.BIRTHDAY);
  lines.line('typedUser.PERSONAL_ID_EXPIRY_DATE', 'date', user.PERSONAL_ID_EXPIRY_DATE);
  lines.line('typedUser.CREDIT_LIMIT', 'long', user.CREDIT_LIMIT);

  await call('typedTaken', 'SOAP_SIGNUP_CUSTOMER', customer(username));
  await call('typedFault', 'SOAP_GET_USER', { USER_ID: 'x'.repeat(70000) });
}

module.exports = { run };
