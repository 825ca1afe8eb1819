import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundledProgram } from './executable.mjs';
import { run } from './run.mjs';
import { root, sourceDate, version } from './version.mjs';

const sources = join(root, '.release/debian');

/** Debian's order: what comes before a release has "~". */
export const debianVersion = version.replace('-', '~');

// No mailbox is promised; who publishes packages sets DEBEMAIL.
const maintainer = process.env['DEBEMAIL'] ?? 'the moenet-agent authors <moenet-agent@moenet.invalid>';

// The versions are those that Node's symbols need.
const depends =
  'bird2 (>= 2.0.12) | bird3, iproute2, libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 5.2), systemd, wireguard-tools';
const recommends = 'fping, iputils-ping, traceroute';

/** Where each shell looks for the completion of a package's program. */
const completions = {
  bash: 'usr/share/bash-completion/completions/moenet-agent',
  zsh: 'usr/share/zsh/vendor-completions/_moenet-agent',
  fish: 'usr/share/fish/vendor_completions.d/moenet-agent.fish',
};

/**
 * Makes `moenet-agent_VERSION_ARCH.deb` in `directory` around an executable. `compression`: `xz`, or `none` where only time
 * counts. Returns its path.
 */
export async function buildPackage({ name, executable, licences, directory, compression }) {
  const tree = await mkdtemp(join(tmpdir(), 'moenet-agent-deb-'));
  try {
    await fill(tree, { executable, licences });
    await control(tree, name);
    const path = join(directory, `moenet-agent_${debianVersion}_${name}.deb`);
    run('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, path], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDate) },
    });
    return path;
  } finally {
    await rm(tree, { recursive: true });
  }
}

/** The files that the package installs. */
async function fill(tree, { executable, licences }) {
  const put = async (path, content, mode = 0o644) => {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content, { mode });
    await chmod(join(tree, path), mode);
  };
  const copy = async (from, to, mode) => put(to, await readFile(from), mode);
  const document = (file) => `usr/share/doc/moenet-agent/${file}`;
  const zipped = (text) => gzipSync(text, { level: 9 });

  await copy(executable, 'usr/bin/moenet-agent', 0o755);
  for (const file of await filesIn('systemd'))
    await copy(
      join(root, 'systemd', file),
      `usr/lib/${placeOf(file)}`,
      file.startsWith('system-generators/') ? 0o755 : 0o644,
    );
  await copy(join(sources, 'config.json'), 'etc/moenet-agent/config.json', 0o640);
  await copy(join(sources, 'copyright'), document('copyright'));
  await put(document('LICENCES.txt.gz'), zipped(licences));
  await put(document('changelog.gz'), zipped(changelog()));
  await copy(join(sources, 'sysctl.conf'), document('examples/sysctl.conf'));
  for (const file of ['README.md', 'SECURITY.md', 'CHANGELOG.md'])
    await copy(join(root, file), document(file));
  for (const file of await filesIn('docs')) await copy(join(root, 'docs', file), document(`docs/${file}`));
  for (const [page, section] of [
    ['moenet-agent.8', 8],
    ['moenet-agent.json.5', 5],
  ])
    await put(`usr/share/man/man${section}/${page}.gz`, zipped(printed('manual', page)));
  for (const [shell, path] of Object.entries(completions)) await put(path, printed('completion', shell));
  await copy(join(sources, 'lintian-overrides'), 'usr/share/lintian/overrides/moenet-agent');
  await cleanModes(tree);
}

/** What a command of the program prints. The executable may be another machine's. */
function printed(...args) {
  return run(process.execPath, [bundledProgram, ...args]);
}

/** All files of a directory of the repository, with those in its folders; from there. */
async function filesIn(directory) {
  const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(root, directory), join(entry.parentPath, entry.name)))
    .sort();
}

/** Below /usr/lib: what systemd has in a folder of that name is there, too; units are those of the system. */
function placeOf(file) {
  if (file.startsWith('sysusers.d/')) return file;
  return file.includes('/') ? `systemd/${file}` : `systemd/system/${file}`;
}

/** Directories as Debian has them, whatever the umask; the configuration's may hold the token. */
async function cleanModes(tree) {
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  await chmod(tree, 0o755);
  await chmod(join(tree, 'etc/moenet-agent'), 0o750);
}

/** The package's own data: `DEBIAN/`. */
async function control(tree, name) {
  const files = (await readdir(tree, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const conffiles = files.filter((file) => file.startsWith(join(tree, 'etc')));
  const sizes = await Promise.all(files.map(async (file) => Math.ceil((await stat(file)).size / 1024)));
  const sums = await Promise.all(
    files
      .filter((file) => !conffiles.includes(file))
      .map(async (file) => `${md5(await readFile(file))}  ${file.slice(tree.length + 1)}\n`),
  );
  const fields = {
    Package: 'moenet-agent',
    Version: debianVersion,
    Architecture: name,
    Maintainer: maintainer,
    'Installed-Size': sizes.reduce((sum, size) => sum + size, 0),
    Depends: depends,
    Recommends: recommends,
    Suggests: 'nftables, wireguard-go',
    Section: 'net',
    Priority: 'optional',
    Description: [
      'daemon for the router nodes of a MoeNet-style DN42 network',
      ' It asks a control plane for BGP sessions, mesh and policy, configures',
      ' WireGuard, addresses and BIRD for them, and reports what is really there.',
      ' .',
      ' Tunnels and sessions stay up while the agent stops or is upgraded.',
      " Before you remove the package, 'moenet-agent teardown' removes what it made.",
    ].join('\n'),
  };
  const directory = join(tree, 'DEBIAN');
  await mkdir(directory, { mode: 0o755 });
  const put = async (file, text, mode) => {
    await writeFile(join(directory, file), text);
    await chmod(join(directory, file), mode);
  };
  await put(
    'control',
    Object.entries(fields)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
    0o644,
  );
  await put('conffiles', conffiles.map((file) => `${file.slice(tree.length)}\n`).join(''), 0o644);
  await put('md5sums', sums.join(''), 0o644);
  for (const script of ['postinst', 'prerm', 'postrm']) await put(script, await scriptOf(script), 0o755);
  await chmod(directory, 0o755);
}

/** A maintainer script with the names of our units and groups. */
async function scriptOf(script) {
  const files = await filesIn('systemd');
  const units = [];
  for (const file of files)
    if (!file.includes('/') && /^\[Install\]/m.test(await readFile(join(root, 'systemd', file), 'utf8')))
      units.push(file);
  const users = existsSync(join(root, 'systemd/sysusers.d/moenet-agent.conf'))
    ? await readFile(join(root, 'systemd/sysusers.d/moenet-agent.conf'), 'utf8')
    : '';
  const groups = [...users.matchAll(/^[ug] (moenet-\S+)/gm)].map(([, group]) => group);
  const text = await readFile(join(sources, script), 'utf8');
  return text
    .replaceAll('@UNITS@', units.join(' '))
    .replaceAll('@SOCKETS@', units.filter((unit) => unit.endsWith('.socket')).join(' '))
    .replaceAll('@GROUPS@', groups.join(' '));
}

function changelog() {
  const date = new Date(sourceDate * 1000).toUTCString().replace('GMT', '+0000');
  return `moenet-agent (${debianVersion}) stable; urgency=medium\n\n  * See CHANGELOG.md beside this file.\n\n -- ${maintainer}  ${date}\n`;
}

function md5(bytes) {
  return createHash('md5').update(bytes).digest('hex');
}
