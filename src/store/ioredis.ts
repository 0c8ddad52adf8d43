/** In a file of its own, which is loaded only if needed: it takes a tenth of the start. */
export { Redis } from 'ioredis';
