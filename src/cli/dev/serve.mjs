// A small static server for the built page, on this machine only.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';

/** @type {Readonly<Record<string, string>>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serves a folder on 127.0.0.1, and on ::1 where there is one.
 * @param {object} options
 * @param {string} options.folder
 * @param {number} options.port the first one to try; 0 for any that is free
 * @param {string} [options.base] the path under which the site appears, with slashes at both ends
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serve({ folder, port, base = '/' }) {
  const last = port === 0 ? 0 : port + 20;
  for (let next = port; ; next = next === last ? 0 : next + 1) {
    try {
      return await listen(folder, next, base);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (next === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
    }
  }
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {string} base
 */
async function listen(folder, port, base) {
  const handler = answer(folder, base);
  const first = createServer(handler);
  const bound = await bind(first, port, '127.0.0.1');
  const second = createServer(handler);
  try {
    await bind(second, bound, '::1'); // browsers may ask there first for "localhost"
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EADDRINUSE') {
      await close(first);
      throw error;
    }
  }
  return {
    url: `http://localhost:${bound}${base}`,
    close: async () => void (await Promise.all([close(first), close(second)])),
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>} the port
 */
function bind(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** @param {import('node:http').Server} server */
function close(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

/**
 * @param {string} folder
 * @param {string} base
 * @returns {import('node:http').RequestListener}
 */
function answer(folder, base) {
  return (request, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const [pathname = '/'] = (request.url ?? '/').split(/[?#]/);
    if (pathname === '/' && base !== '/') {
      response.writeHead(302, { Location: base }).end();
      return;
    }
    const file = fileFor(folder, base, pathname);
    const size = file === null ? null : sizeOf(file);
    if (file === null || size === null) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
      'Content-Length': size,
      // Names under assets carry a hash of the content.
      'Cache-Control': pathname.startsWith(`${base}assets/`) ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.method === 'HEAD') response.end();
    else pipeline(createReadStream(file), response, () => {});
  };
}

/**
 * @param {string} folder
 * @param {string} base
 * @param {string} pathname
 * @returns {string | null} null for what is outside the folder
 */
function fileFor(folder, base, pathname) {
  if (!pathname.startsWith(base)) return null;
  let name = '';
  try {
    name = decodeURIComponent(pathname.slice(base.length));
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const file = path.join(folder, name === '' || name.endsWith('/') ? `${name}index.html` : name);
  return file.startsWith(folder + path.sep) ? file : null;
}

/** @param {string} file */
function sizeOf(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : null;
}
