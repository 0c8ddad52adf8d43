import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/sources.ts';
import { complaintsAbout } from './render/fields.ts';
import { flawsIn } from './render/flaws.ts';
import { canRender, type KubernetesObject, type Release, useRenderer } from './render/render.ts';

type Tree = { [name: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The path of each value, and of each part that holds some. */
const pathsOf = (tree: Tree, before: string[] = []): string[][] =>
  Object.entries(tree).flatMap(([name, value]) => [
    [...before, name],
    ...(isTree(value) ? pathsOf(value, [...before, name]) : []),
  ]);

/** Values of which one is null, which is what a name with nothing behind it means in YAML. */
const nothingAt = (path: string[]): Tree =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), null) as Tree;

/** Each object once. */
const different = (objects: KubernetesObject[]): KubernetesObject[] => [
  ...new Map(objects.map((one) => [JSON.stringify(one), one])).values(),
];

describe.skipIf(!canRender)('the Helm chart', () => {
  const renderWith = useRenderer();

  it.each(['minimal-values', 'everything-values'])(
    'takes any value of %s for left out, or says that it is needed',
    (example) => {
      const values = parse(
        readFileSync(join(ROOT, 'deploy/helm/securid-desk/values.yaml'), 'utf8'),
      );
      const made = pathsOf(values).flatMap((path): KubernetesObject[] => {
        let release: Release;
        try {
          release = renderWith({ values: [example, nothingAt(path)] });
        } catch (error) {
          expect(String(error), path.join('.')).toMatch(
            new RegExp(`(?:${path.at(-1)} is required|${path.join('\\.')}: name )`),
          );
          return [];
        }
        expect(flawsIn(release), path.join('.')).toEqual([]);
        return release.objects;
      });
      expect(complaintsAbout(different(made))).toBe('');
    },
    // A hundred releases.
    180_000,
  );

  it('writes names as text that YAML might take for something else', () => {
    const made = ['true', 'null', 'on', '123', '1e3', '0x1f'].flatMap((word) => {
      const release = renderWith({
        values: [
          'everything-values',
          {
            existingSecret: word,
            imagePullSecrets: [{ name: word }],
            caBundle: { existingConfigMap: word },
            persistence: { storageClassName: word, annotations: { [word]: word } },
            ingress: { className: word, tlsSecret: word },
            serviceAccount: { name: word },
            podLabels: { [word]: word },
            podAnnotations: { [word]: word },
            priorityClassName: word,
            nodeSelector: { [word]: word },
            topologySpreadConstraints: [],
            nameOverride: word,
            fullnameOverride: /^[a-z]/.test(word) ? word : 'desk',
          },
        ],
        release: word,
      });
      expect(flawsIn(release), word).toEqual([]);
      return release.objects;
    });
    expect(complaintsAbout(different(made))).toBe('');
  });

  it.each([
    ['a tag that is longer than a label', { image: { tag: `v${'1.'.repeat(40)}0` } }],
    ['a tag that begins and ends as no label may', { image: { tag: '_main-' } }],
    ['a name with a dash where it is cut', { nameOverride: `${'a'.repeat(50)}--bc` }],
    ['a name with a dot where it is cut', { nameOverride: `${'a'.repeat(51)}.bc` }],
    ['a long full name', { fullnameOverride: `${'a'.repeat(50)}--bc` }],
    ['no instance', { replicaCount: 0 }],
    ['a registry with a port', { image: { repository: '[::1]:5000/acme/help_desk' } }],
    ['an image without a registry', { image: { repository: 'securid-desk' } }],
  ])('makes what Kubernetes takes of %s', (_, values) => {
    const release = renderWith({
      values: ['minimal-values', { fullnameOverride: 'desk' }, values],
    });
    expect(flawsIn(release)).toEqual([]);
    expect(complaintsAbout(release.objects)).toBe('');
  });
});
