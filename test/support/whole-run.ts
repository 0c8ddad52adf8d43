import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether every story is part of this run. */
    isWholeRun: boolean;
  }
}

/** Files may be named, or projects: then only some of the stories run. */
export default async function tellWholeRun({ vitest, provide }: TestProject): Promise<void> {
  const all = await vitest.globTestSpecifications();
  const stories = all.filter(({ project }) => project.name === 'stories');
  const run = new Set(vitest.state.getPaths());
  provide('isWholeRun', stories.length > 0 && stories.every(({ moduleId }) => run.has(moduleId)));
}
