import { describe, expect, it } from 'vitest';
import { SYMPTOMS, type Symptom } from '../../src/troubleshooting.ts';
import { redisInstalled } from '../support/redis.ts';
import { ALL } from './stories/index.ts';
import { arePortsKept } from './stories/starting.ts';
import { SECTIONS } from './support/page.ts';
import { causeOf } from './support/stories.ts';

/** Causes that this machine does not let a test bring about, and why. */
const UNTOLD: Record<string, string> = arePortsKept
  ? {}
  : { 'this user may not use a port below 1024': 'here, everybody may' };

/** Node's, undici's and OpenSSL's. */
const ERROR_CODE = /`(?:E[A-Z]{4,}|UND_ERR_\w+|\w*_CERT_\w+)`/g;

const storiesOf = (anchor: string) => Object.keys(ALL[anchor as Symptom] ?? {});

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
      const told = [...new Set(storiesOf(anchor).map(causeOf))];
      const names = causes.map(({ name }) => name).filter((name) => !Object.hasOwn(UNTOLD, name));
      if (told.length > 0 || redisInstalled) expect(told.toSorted()).toEqual(names.toSorted());
    },
  );

  it('lists the causes of a symptom that several things bring about, or has a sentence for each', () => {
    const others = SECTIONS.filter(({ causes }) => causes.length === 0);
    const unsaid = others.filter(
      ({ anchor, sentences }) => storiesOf(anchor).length > Math.max(sentences.length, 1),
    );
    expect(unsaid).toEqual([]);
  });

  it('names the code of an error only where it lists a cause', () => {
    const named = SECTIONS.map(({ anchor, prose }) => [anchor, prose.match(ERROR_CODE)]);
    expect(named.filter(([, codes]) => codes !== null)).toEqual([]);
  });

  it('has a story for each symptom that brings it about', () => {
    const told = Object.entries(ALL).filter(
      ([, stories]) => !redisInstalled || Object.keys(stories).length > 0,
    );
    expect(anchors.toSorted()).toEqual(told.map(([symptom]) => symptom).toSorted());
  });
});
