import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The walls of the house: what the files of a folder may not import. */
const walls = [
  { files: ['src/core/**'], forbidden: ['protocol', 'engine', 'host', 'cli', 'webview'], node: true },
  { files: ['src/protocol/**'], forbidden: ['engine', 'host', 'cli', 'webview'], node: true },
  { files: ['src/engine/*.ts', 'src/engine/models/**'], forbidden: ['host', 'cli', 'webview', 'process'] },
  { files: ['src/engine/process/**'], forbidden: ['host', 'cli', 'webview'] },
  { files: ['src/cli/**'], forbidden: ['host', 'webview', 'engine/process'] },
  { files: ['src/host/**'], forbidden: ['cli', 'webview', 'engine/process'] },
  { files: ['webview/**'], forbidden: ['host', 'cli', 'engine'], node: true },
];

/** One wall as the patterns of no-restricted-imports, with what only one place may import added. */
function wall({ forbidden, node }, allowed = []) {
  const patterns = forbidden.map((folder) => ({
    group: [`**/${folder}/**`],
    message: `This folder may not import ${folder}: see the walls in eslint.config.mjs.`,
  }));
  if (node) patterns.push({ group: ['node:*'], message: 'This code also runs in a webview: no Node modules.' });
  if (!allowed.includes('vscode')) patterns.push({ group: ['vscode'], message: 'Only src/host speaks to VS Code.' });
  if (!allowed.includes('addon'))
    patterns.push({
      group: ['**/native/**'],
      allowTypeImports: true,
      message: 'Only src/engine/process/addon.ts loads the addon.',
    });
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

export default tseslint.config(
  { ignores: ['dist/', 'native/build/', 'node_modules/', '.cache/', 'media/', 'test/fixtures/engines/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['*.mjs', 'native/*.mjs', 'src/setup/*.mjs', 'test/*/*.mjs'],
          // Plain Node scripts, which no tsconfig names; there are nine.
          maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 12,
        },
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': ['error', 500],
    },
  },
  ...walls.map(({ files, ...rest }) => ({
    files,
    rules: wall(rest, files[0].startsWith('src/host') ? ['vscode'] : []),
  })),
  {
    files: ['src/engine/process/addon.ts'],
    rules: wall({ forbidden: ['host', 'cli', 'webview'] }, ['addon']),
  },
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' } },
  },
);
