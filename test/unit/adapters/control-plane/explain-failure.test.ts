import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../../src/adapters/control-plane/explain-failure.js';
import { redactToken } from '../../../../src/adapters/control-plane/redact.js';

const server = { host: 'cp.example:443', isTls: true, proxy: undefined };
const explain = (error: unknown) => explainFailure(error, server, redactToken('t0ken'));

const coded = (code: string, message = 'its words') => Object.assign(new Error(message), { code });

describe('explainFailure', () => {
  it.each([
    [coded('ENOTFOUND'), 'unreachable', 'the name of cp.example:443 does not resolve'],
    [coded('EAI_AGAIN'), 'unreachable', 'the name of cp.example:443 does not resolve'],
    [coded('ECONNREFUSED'), 'unreachable', 'cp.example:443 refuses the connection'],
    [coded('ENETUNREACH'), 'unreachable', 'there is no route to cp.example:443'],
    [coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout', 'no connection to cp.example:443 in time'],
    [coded('ETIMEDOUT'), 'timeout', 'no connection to cp.example:443 in time'],
    [
      coded('CERT_HAS_EXPIRED', 'certificate has expired'),
      'unreachable',
      'TLS with cp.example:443 failed: its certificate has expired. If only this node says so, look at its clock: timedatectl',
    ],
    [
      coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
      'unreachable',
      'TLS with cp.example:443 failed: its certificate is self-signed, so anybody could have made it',
    ],
    [
      Object.assign(coded('ERR_TLS_CERT_ALTNAME_INVALID', 'no altname'), {
        cert: { subjectaltname: 'DNS:www.example' },
      }),
      'unreachable',
      'TLS with cp.example:443 failed: its certificate is for another name (DNS:www.example)',
    ],
    [
      coded(
        'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
        '80DC:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number 40\n',
      ),
      'unreachable',
      'TLS with cp.example:443 failed: sslv3 alert handshake failure',
    ],
    [coded('SOMETHING_NEW'), 'unreachable', 'cp.example:443 cannot be reached: its words'],
    [new Error(''), 'unreachable', 'cp.example:443 cannot be reached: unknown error'],
    ['text', 'unreachable', 'cp.example:443 cannot be reached: text'],
    [undefined, 'unreachable', 'cp.example:443 cannot be reached: undefined'],
  ])('says of %s: %s, %s', (error, kind, reason) => {
    expect(explain(error)).toMatchObject({ kind, reason });
  });

  it.each([
    [coded('ENOTFOUND'), 'the name of the proxy proxy:3128 does not resolve'],
    [coded('ECONNREFUSED'), 'the proxy proxy:3128 refuses the connection'],
    [coded('EHOSTUNREACH'), 'there is no route to the proxy proxy:3128'],
    [coded('UND_ERR_CONNECT_TIMEOUT'), 'no connection to the proxy proxy:3128 in time'],
    [
      coded('ECONNRESET'),
      'cp.example:443 behind the proxy proxy:3128 closed the connection without an answer',
    ],
  ])('says of %s which end it is where there is a proxy', (error, reason) => {
    const proxied = { ...server, proxy: 'proxy:3128' };
    expect(explainFailure(error, proxied, redactToken('t0ken')).reason).toBe(reason);
  });

  it('puts the attempts of all addresses together', () => {
    const parts = [coded('X', 'connect to ::1'), coded('X', 'connect to 127.0.0.1')];
    expect(explain(new AggregateError(parts, '')).reason).toContain('connect to ::1; connect to 127.0.0.1');
  });

  it('keeps name, code and message of the cause, redacted, and nothing else', () => {
    const error = Object.assign(coded('t0ken', 'has t0ken'), { headers: { echo: 't0ken' } });
    const { cause } = explain(error);
    expect(cause).toMatchObject({ name: 'Error', message: 'has [token]', code: '[token]' });
    expect(cause).not.toHaveProperty('headers');
  });
});
