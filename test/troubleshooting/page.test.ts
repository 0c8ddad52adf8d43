import { describe, expect, it } from 'vitest';
import { SYMPTOMS } from '../../src/troubleshooting.ts';
import { redisInstalled } from '../support/redis.ts';
import { ALL } from './stories/index.ts';
import { SECTIONS } from './support/page.ts';

describe('docs/troubleshooting.md', () => {
  const anchors = SECTIONS.map(({ anchor }) => anchor);

  it('has a heading for each symptom, and no others', () => {
    expect(anchors.toSorted()).toEqual(SYMPTOMS.toSorted());
  });

  it('says by which sentences a symptom is found', () => {
    expect(SECTIONS.filter(({ sentences }) => sentences.length === 0)).toEqual([]);
  });

  it('has a story for each symptom that brings it about', () => {
    const told = Object.entries(ALL).filter(
      ([, stories]) => !redisInstalled || Object.keys(stories).length > 0,
    );
    expect(anchors.toSorted()).toEqual(told.map(([symptom]) => symptom).toSorted());
  });
});
