import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import express from 'express';

const regions = JSON.parse(readFileSync(new URL('./regions.json', import.meta.url), 'utf8'));
const page = readFileSync(new URL('./index.html', import.meta.url), 'utf8');
const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const { PORT = '8080' } = process.env;

const app = express();
app.disable('x-powered-by');
app.get('/', (_request, response) => {
  response.type('html').send(page.replace('<!-- version -->', version));
});
app.get('/regions.json', (_request, response) => response.json(regions));
app.get('/healthz', (_request, response) => response.type('text').send('ok'));

const server = createServer(app).listen(Number(PORT), () => {
  console.log(`map-web ${version} listens on ${PORT} with ${regions.length} regions`);
});
process.on('SIGTERM', () => server.close());
