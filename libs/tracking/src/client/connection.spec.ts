import { normaliseTrackingUri, resolveConnection } from './connection';

const uri = 'http://mlflow.test:5000';

describe('normaliseTrackingUri', () => {
  it.each([
    ['http://127.0.0.1:5000/', 'http://127.0.0.1:5000'],
    ['https://host/ml/flow//', 'https://host/ml/flow'],
    ['http://user:secret@host:1', 'http://host:1'],
    [' http://host ', 'http://host'],
  ])('%s is %s', (given, expected) => {
    expect(normaliseTrackingUri(given)).toBe(expected);
  });

  it.each([
    'htp://ann:secret@host',
    'http://ann:secret%@host',
    'http://ann:1/secret@host',
    'ann:secret@host',
  ])('refuses "%s" without telling what is secret in it', (given) => {
    expect(() => normaliseTrackingUri(given)).toThrow(/^The tracking URI "[^"]*host" is not an/);
    expect(() => normaliseTrackingUri(given)).not.toThrow(/secret/);
  });

  it.each(['sqlite:///mlflow.db', 'databricks://x', './mlruns', ''])('refuses "%s" by name', (given) => {
    expect(() => normaliseTrackingUri(given)).toThrow(`"${given}"`);
  });
});

describe('resolveConnection', () => {
  it('reads what MLflow reads from the environment', () => {
    const connection = resolveConnection(
      {},
      {
        MLFLOW_TRACKING_URI: `${uri}/base/`,
        MLFLOW_TRACKING_USERNAME: 'ann',
        MLFLOW_TRACKING_PASSWORD: 'pässword',
        MLFLOW_TRACKING_TOKEN: 'token',
        MLFLOW_HTTP_REQUEST_TIMEOUT: '5',
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
        MLFLOW_TRACKING_INSECURE_TLS: 'true',
      },
    );
    expect(connection).toMatchObject({
      trackingUri: `${uri}/base`,
      timeoutMs: 5000,
      maxRetries: 2,
      insecureTls: true,
    });
    expect(connection.authorization).toBe(`Basic ${Buffer.from('ann:pässword').toString('base64')}`);
  });

  it('prefers options to the environment, and a password to a token', () => {
    const environment = { MLFLOW_TRACKING_URI: 'http://other', MLFLOW_TRACKING_TOKEN: 'old' };
    expect(resolveConnection({ trackingUri: uri, token: 'new' }, environment)).toMatchObject({
      trackingUri: uri,
      authorization: 'Bearer new',
    });
    expect(resolveConnection({ trackingUri: 'http://ann:b%40d@host' }, environment).authorization).toBe(
      `Basic ${Buffer.from('ann:b@d').toString('base64')}`,
    );
  });

  it('takes user and password from MLFLOW_TRACKING_URI for the same server alone', () => {
    const environment = { MLFLOW_TRACKING_URI: 'http://ann:secret@host:1/' };
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const of = (trackingUri: string) => resolveConnection({ trackingUri }, environment).authorization;
    expect(of('http://host:1')).toBe(basic('ann:secret'));
    expect(of('http://bob:other@host:1')).toBe(basic('bob:other'));
    expect(of('http://host:2')).toBeUndefined();
    expect(
      resolveConnection({ trackingUri: uri }, { MLFLOW_TRACKING_URI: 'none' }).authorization,
    ).toBeUndefined();
  });

  it('names what is missing or wrong', () => {
    expect(() => resolveConnection({}, {})).toThrow('MLFLOW_TRACKING_URI');
    expect(() =>
      resolveConnection({}, { MLFLOW_TRACKING_URI: uri, MLFLOW_HTTP_REQUEST_TIMEOUT: 'long' }),
    ).toThrow('MLFLOW_HTTP_REQUEST_TIMEOUT is "long"');
    expect(() =>
      resolveConnection({}, { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_INSECURE_TLS: 'maybe' }),
    ).toThrow('MLFLOW_TRACKING_INSECURE_TLS is "maybe"');
    expect(() =>
      resolveConnection({ trackingUri: uri, insecureTls: true, serverCertPath: 'ca.pem' }, {}),
    ).toThrow('exclude each other');
  });
});
