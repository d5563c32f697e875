// SPDX-License-Identifier: Apache-2.0
import {defineConfig} from 'vite';
import {viteSingleFile} from 'vite-plugin-singlefile';

export default defineConfig({
  plugins: [viteSingleFile()],
  oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
  build: {target: 'es2022', modulePreload: false},
  logLevel: 'warn',
});
