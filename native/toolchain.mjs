// How each platform's C++ compiler makes a Node addon. Only what build.mjs needs.
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';

/** A reason to stop that is one sentence for the person who runs the build. */
export class Stop extends Error {}

const gets = {
  linux: 'install g++ (Debian, Ubuntu: apt install g++; Fedora: dnf install gcc-c++)',
  darwin: 'run xcode-select --install',
  win32:
    'install the Visual Studio Build Tools with "Desktop development with C++" and run this in their "x64 Native Tools Command Prompt"',
};

export function findCompiler() {
  const windows = process.platform === 'win32';
  const asked = process.env.CXX ? [process.env.CXX] : windows ? ['cl.exe'] : ['c++', 'g++', 'clang++'];
  for (const command of asked) {
    // cl.exe says its version when it is given nothing.
    const said = spawnSync(command, windows ? [] : ['--version'], { encoding: 'utf8' });
    if (said.error || (said.status !== 0 && !windows)) continue;
    const identity = `${command} ${(said.stdout + said.stderr).split('\n')[0].trim()}`;
    return windows ? visualCpp(command, identity) : unix(command, identity);
  }
  const how = gets[process.platform] ?? 'install g++ or clang++';
  throw new Stop(
    `A C++17 compiler is missing (looked for ${asked.join(', ')}), which the router tap is compiled with: ${how}.`,
  );
}

// Linux run with g++; macOS not run yet.
function unix(command, identity) {
  const defines = (tools) =>
    Object.entries(tools.defines).map(([name, value]) => (value ? `-D${name}=${value}` : `-D${name}`));
  return {
    identity,
    compile(source, tools) {
      const object = join(tools.objects, `${basename(source, '.cc')}.o`);
      // -isystem: warnings are for our own files.
      const include = tools.include.flatMap((folder) => ['-isystem', folder]);
      const flags = ['-std=c++17', '-O3', '-fPIC', '-fvisibility=hidden', '-fexceptions', '-Wall', '-Wextra'];
      return { command, object, args: [...flags, ...defines(tools), ...include, '-c', source, '-o', object] };
    },
    link(objects, output) {
      // On macOS the names that Node supplies are looked up when the addon is loaded.
      const flags =
        process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-Wl,-s', '-ldl'];
      return [{ command, args: [...objects, ...flags, '-o', output] }];
    },
  };
}

// Not run yet on Windows.
function visualCpp(command, identity) {
  const machine = process.arch === 'arm64' ? 'arm64' : 'x64';
  const library = (tools) => join(tools.objects, 'node_api.lib');
  return {
    identity,
    compile(source, tools) {
      const object = join(tools.objects, `${basename(source, '.cc')}.obj`);
      const include = tools.include.map((folder) => `/external:I${folder}`);
      const defines = Object.entries({ ...tools.defines, NOMINMAX: '', WIN32_LEAN_AND_MEAN: '' }).map(
        ([name, value]) => (value ? `/D${name}=${value.replaceAll('"', '\\"')}` : `/D${name}`),
      );
      const flags = ['/nologo', '/std:c++17', '/O2', '/EHsc', '/MD', '/W4', '/external:W0', '/utf-8'];
      return { command, object, args: [...flags, ...defines, ...include, '/c', source, `/Fo${object}`] };
    },
    link(objects, output, tools) {
      // Node ships no import library for a compiler without node-gyp: it is made from the list of its functions.
      const def = join(tools.nodeApi, 'def', 'node_api.def');
      const flags = ['/nologo', '/dll', `/machine:${machine}`, `/out:${output}`, '/delayload:node.exe', 'delayimp.lib'];
      return [
        { command: 'lib.exe', args: ['/nologo', `/def:${def}`, `/machine:${machine}`, `/out:${library(tools)}`] },
        { command: 'link.exe', args: [...flags, library(tools), ...objects] },
      ];
    },
  };
}
