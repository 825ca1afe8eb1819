import { describe, expect, it } from 'vitest';
import { prepareUnit } from '../../../../../src/adapters/bird/restart/recovery-drop-in.js';
import type { Run } from '../../../../../src/platform/exec.js';

const file = '/run/systemd/system/bird.service.d/zz-moenet-agent-recovery.conf';
const systemdRun = 'systemd-run --quiet --wait --collect --pipe --';

/** systemd, which starts BIRD with `execStart`; `lines` are the commands that it got. */
function systemd(execStart: string) {
  const lines: string[] = [];
  let written = '';
  const run: Run = async (program, args, options) => {
    lines.push([program, ...args].join(' '));
    if (args.includes('tee')) written = options?.input ?? '';
    return { stdout: args[0] === 'show' ? execStart : '', stderr: '', exitCode: 0 };
  };
  return { run, lines, written: () => written };
}

describe('a unit of BIRD’s', () => {
  it('starts with -R the next time only, by a file that systemd writes and that removes itself', async () => {
    const machine = systemd('{ path=/usr/sbin/bird ; argv[]=/usr/sbin/bird -f -R ; ignore_errors=no }');
    const unit = await prepareUnit(machine.run, 'bird.service', ['/usr/sbin/bird', '-f', '-R']);
    await unit.start();
    await unit.cleanUp();
    expect(machine.lines).toEqual([
      `${systemdRun} mkdir -p /run/systemd/system/bird.service.d`,
      `${systemdRun} tee ${file}`,
      'systemctl daemon-reload',
      'systemctl show --property=ExecStart --value bird.service',
      'systemctl start bird.service',
      `${systemdRun} rm -f ${file}`,
      `${systemdRun} rmdir --ignore-fail-on-non-empty /run/systemd/system/bird.service.d`,
      'systemctl daemon-reload',
    ]);
    expect(machine.written()).toBe(`# moenet-agent bird restart: the next start only.
[Service]
ExecStart=
ExecStart="/usr/sbin/bird" "-f" "-R"
ExecStartPost=+/bin/rm -f "${file}"
`);
  });

  it('keeps an argument as it is, whatever systemd would make of it', async () => {
    const machine = systemd('/usr/sbin/bird -R');
    await prepareUnit(machine.run, 'bird.service', ['/usr/sbin/bird', '-c', '/etc/a "b" $C %d\\', '-R']);
    expect(machine.written()).toContain('"/etc/a \\"b\\" $$C %%d\\\\"');
    const hostile = prepareUnit(machine.run, 'bird.service', ['/usr/sbin/bird', 'a\nExecStart=/bin/x']);
    await expect(hostile).rejects.toThrow('control characters');
  });

  it('leaves nothing behind where something overrides the command', async () => {
    const machine = systemd('{ path=/usr/sbin/bird ; argv[]=/usr/sbin/bird -f ; ignore_errors=no }');
    await expect(prepareUnit(machine.run, 'bird.service', ['/usr/sbin/bird', '-R'])).rejects.toThrow(
      'something overrides ExecStart of bird.service',
    );
    expect(machine.lines.slice(-3)).toEqual([
      `${systemdRun} rm -f ${file}`,
      `${systemdRun} rmdir --ignore-fail-on-non-empty /run/systemd/system/bird.service.d`,
      'systemctl daemon-reload',
    ]);
  });
});
