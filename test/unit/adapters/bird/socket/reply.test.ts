import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replyReader } from '../../../../../src/adapters/bird/socket/reply.js';

const status = readFileSync('test/fixtures/bird/2.0.12/show-status.txt', 'utf8');

describe('the reader of replies', () => {
  it('reads the same reply wherever it was cut', () => {
    const [whole] = replyReader().push(status);
    for (let cut = 0; cut <= status.length; cut += 1) {
      const reader = replyReader();
      expect([...reader.push(status.slice(0, cut)), ...reader.push(status.slice(cut))]).toEqual([whole]);
    }
  });

  it('gives an indented line the code of the line before', () => {
    const [reply] = replyReader().push(status);
    expect(reply?.lines.slice(1, 3)).toEqual([
      { code: '1011', text: 'Router ID is 192.0.2.1' },
      { code: '1011', text: 'Hostname is vm' },
    ]);
  });

  it('goes on after an indented line whose fifth character is a space', () => {
    const replies = replyReader().push('1006-  BGP\n     State: UP\n 123 4 five\n0000 \n');
    expect(replies.map(({ code, lines }) => [code, lines.length])).toEqual([['0000', 4]]);
  });

  it('drops asynchronous lines before, in and after a reply', () => {
    const replies = replyReader().push(
      '+Reconfiguring\n0002-Reading\n+0000 fooled\n0003 Done\n+Reconfigured\n',
    );
    expect(replies).toEqual([
      {
        code: '0003',
        text: 'Done',
        lines: [
          { code: '0002', text: 'Reading' },
          { code: '0003', text: 'Done' },
        ],
      },
    ]);
  });

  it('separates replies that came in one piece', () => {
    expect(
      replyReader()
        .push('0001 BIRD ready.\n9001 syntax error\n')
        .map(({ code }) => code),
    ).toEqual(['0001', '9001']);
  });

  it.each(['HTTP/1.1 400 Bad Request\n', ' begins indented\n', '12-short\n', '\n'])('refuses %j', (text) => {
    expect(() => replyReader().push(text)).toThrow("not a line of BIRD's");
  });

  it('refuses a line without end', () => {
    expect(() => replyReader().push(`1006-${'x'.repeat(1024 * 1024)}`)).toThrow('no line end');
  });
});
