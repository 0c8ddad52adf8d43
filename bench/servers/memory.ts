import { answerParent } from '../remote.ts';

/** Loaded into a server before its own code: reports its memory. */
const functions = {
  resident: () => process.memoryUsage.rss(),
  /** Bytes in use after a collection, buffers included. */
  async heap() {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  },
};

export type Memory = typeof functions;

answerParent(functions);
