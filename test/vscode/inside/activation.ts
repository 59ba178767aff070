import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { extension, type Suite } from './suite.js';

/** Activation reads this much at most; a library that slips in is ten times larger. */
const LARGEST = 80_000;

interface Manifest {
  main: string;
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, { default: unknown }> } };
}

const manifest = extension.packageJSON as Manifest;

export const activation: Suite = {
  'is not loaded while nothing of it is shown'() {
    assert.equal(extension.isActive, false);
  },

  async 'becomes active, and says how long it took'() {
    const started = performance.now();
    await extension.activate();
    console.log(`activation: ${(performance.now() - started).toFixed(0)} ms from the call to the end`);
    assert.equal(extension.isActive, true);
  },

  'reads only what it needs at once'() {
    const files = staticImports(join(extension.extensionPath, manifest.main));
    const bytes = [...files].reduce((sum, file) => sum + statSync(file).size, 0);
    console.log(`activation: ${bytes} bytes in ${files.size} files`);
    assert.ok(bytes < LARGEST, `${bytes} bytes are read`);
  },

  async 'has registered every command that the manifest names, and names every one that it registered'() {
    const registered = (await vscode.commands.getCommands(true)).filter((name) =>
      /^steermoe\.[a-z][A-Za-z]*$/.test(name),
    );
    const named = manifest.contributes.commands.map(({ command }) => command);
    const missing = named.filter((name) => !registered.includes(name));
    assert.deepEqual(missing, []);
  },

  'has settings whose defaults are those that are documented'() {
    const settings = vscode.workspace.getConfiguration();
    for (const [key, { default: value }] of Object.entries(manifest.contributes.configuration.properties))
      assert.deepEqual(settings.get(key), value, key);
  },
};

/** A module and everything that it imports without being asked again. */
function staticImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"(\.[^"]+\.mjs)"/g))
    staticImports(join(dirname(file), path!), seen);
  return seen;
}
