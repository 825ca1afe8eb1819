import type { Run } from '../../platform/exec.js';

/** The user that the agent's unit runs as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Looks a user up, wherever the machine has its users from; undefined where there is none. */
export async function findAccount(run: Run, name: string): Promise<Account | undefined> {
  const [, , uid, gid] = await lookUp(run, 'passwd', name);
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}

/** The number of a group; undefined where there is none. */
export async function findGroup(run: Run, name: string): Promise<number | undefined> {
  const [, , gid] = await lookUp(run, 'group', name);
  return gid ? Number(gid) : undefined;
}

async function lookUp(run: Run, database: string, name: string): Promise<string[]> {
  // 2: the name is not there (getent(1)).
  const { stdout } = await run('getent', [database, name], { okExitCodes: [2] });
  return stdout.split('\n')[0]?.split(':') ?? [];
}
