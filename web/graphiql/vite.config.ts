import { defineConfig } from 'vite';

// The API serves index.html at /graphql, and what it refers to below /graphql/ui.
export default defineConfig({
  base: '/graphql/ui/',
  oxc: { jsx: { runtime: 'automatic' } },
  build: { outDir: 'dist', emptyOutDir: true, chunkSizeWarningLimit: 5_000 },
  worker: { format: 'es' },
});
