// Makes client/dist: style sheets, scripts, fonts and icons under names that hold a hash of their content,
// compressed siblings, and manifest.json from the plain name to the hashed one. The server embeds it all.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import * as esbuild from 'esbuild';

const here = import.meta.dirname;
const dist = join(here, 'dist');
const manifest = {};

await rm(dist, { recursive: true, force: true });
await mkdir(dist);

const tokens = JSON.parse(await readFile(join(here, 'tokens.json'), 'utf8'));
await writeFile(join(here, 'css/tokens.css'), tokenSheet(tokens));
await keep('icons.svg', await iconSheet());
await keep('mark.svg', await markSheet(tokens));
await bundle();
await compress();
await writeFile(join(dist, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');

/** The custom properties. Plain values in both themes rather than `light-dark()`, which wants a browser of
    2024: public pages are for every phone. */
function tokenSheet({ colours, shadow, type, space, radius, quick }) {
  const theme = (shade) =>
    Object.entries(colours)
      .map(([name, pair]) => `--${name}: ${pair[shade]};`)
      .concat(`--shadow: ${shadow[shade]};`)
      .join(' ');
  const rem = (sizes) =>
    Object.entries(sizes)
      .map(([name, px]) => `--${name}: ${px / 16}rem;`)
      .join(' ');
  const font = `'Atkinson Hyperlegible Next', 'Atkinson Fallback', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif`;
  return `/* Made by build.mjs from tokens.json. */
@layer tokens {
  :root { color-scheme: light dark; ${theme(0)} ${rem(type)} ${rem(space)} --radius: ${radius}px; --quick: ${quick}ms; --font: ${font}; }
  @media (prefers-color-scheme: dark) { :root { ${theme(1)} } }
}
`;
}

/** One symbol for each line of icons.json: our name, and what it is called in lucide. */
async function iconSheet() {
  const names = JSON.parse(await readFile(join(here, 'icons.json'), 'utf8'));
  const symbols = await Promise.all(
    Object.entries(names).map(async ([ours, theirs]) => {
      const svg = await readFile(join(here, 'node_modules/lucide-static/icons', `${theirs}.svg`), 'utf8');
      const body = svg
        .replace(/^[\s\S]*?<svg[^>]*>/, '')
        .replace(/<\/svg>\s*$/, '')
        .replace(/\s*\n\s*/g, '');
      return `<symbol id="${ours}" viewBox="0 0 24 24">${body}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide, ISC licence -->${symbols.join('')}</svg>`;
}

async function markSheet({ colours }) {
  const svg = await readFile(join(here, 'mark.svg'), 'utf8');
  return svg.replace(/\{([a-z-]+)\}/g, (_, name) => colours[name][0]);
}

async function bundle() {
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ['css/kring.css', 'css/public.css', 'src/staff.ts', 'src/forms.ts'],
    outdir: dist,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    publicPath: '/assets/',
    loader: { '.woff2': 'file' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome109', 'firefox110', 'safari16'],
    legalComments: 'none',
    metafile: true,
  });
  for (const [path, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const source = entryPoint ?? Object.keys(inputs)[0] ?? '';
    if (entryPoint) manifest[basename(source).replace(/\.ts$/, '.js')] = basename(path);
    // The one font that every page starts with, to load ahead of the style sheet.
    if (source.endsWith('latin-400-normal.woff2')) manifest['font.woff2'] = basename(path);
  }
}

async function keep(name, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const file = name.replace(/(\.[a-z]+)$/, `-${hash}$1`);
  manifest[name] = file;
  await writeFile(join(dist, file), text);
}

/** Fonts are compressed already; the rest gets a sibling in each encoding. */
async function compress() {
  for (const file of await readdir(dist)) {
    if (!/\.(css|js|svg)$/.test(file)) continue;
    const bytes = await readFile(join(dist, file));
    await writeFile(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    await writeFile(join(dist, `${file}.br`), brotliCompressSync(bytes, { params }));
  }
}
