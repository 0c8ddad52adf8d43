import { describe, expect, it } from 'vitest';
import { SYMPTOMS, type Symptom } from '../../src/troubleshooting.ts';
import { redisInstalled } from '../support/redis.ts';
import { ALL } from './stories/index.ts';
import { SECTIONS } from './support/page.ts';
import { causeOf } from './support/stories.ts';

/** Causes that no test can bring about on one machine, and why. */
const UNTOLD: Record<string, string> = {};

describe('docs/troubleshooting.md', () => {
  const anchors = SECTIONS.map(({ anchor }) => anchor);

  it('has a heading for each symptom, and no others', () => {
    expect(anchors.toSorted()).toEqual(SYMPTOMS.toSorted());
  });

  it('says by which sentences a symptom is found', () => {
    expect(SECTIONS.filter(({ sentences }) => sentences.length === 0)).toEqual([]);
  });

  it.each(SECTIONS.filter(({ causes }) => causes.length > 0))(
    'has a story for each cause of $anchor, and lists the cause of each story',
    (section) => {
      const { anchor, causes } = section;
      const told = [...new Set(Object.keys(ALL[anchor as Symptom] ?? {}).map(causeOf))];
      const names = causes.map(({ name }) => name).filter((name) => !Object.hasOwn(UNTOLD, name));
      if (told.length > 0 || redisInstalled) expect(told.toSorted()).toEqual(names.toSorted());
    },
  );

  it('has a story for each symptom that brings it about', () => {
    const told = Object.entries(ALL).filter(
      ([, stories]) => !redisInstalled || Object.keys(stories).length > 0,
    );
    expect(anchors.toSorted()).toEqual(told.map(([symptom]) => symptom).toSorted());
  });
});
