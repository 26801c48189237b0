import { expect, it } from '@jest/globals';
import { nearest } from './nearest.ts';

it.each([
  ['HIHG', ['HIGH', 'LOW'], 'HIGH'],
  ['map', ['map-web', 'static-site'], 'map-web'],
  ['s', ['map-web', 'static-site'], 'static-site'],
  ['map', ['map-web', 'map-api'], undefined],
  ['', ['map-web'], undefined],
  ['kubernetes', ['map-web'], undefined],
])('%j of %j means %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});
