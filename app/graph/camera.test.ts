import { describe, expect, test } from 'vitest';
import { pan } from './Camera';

describe('pan', () => {
  const subject = (from: number, span: number) => ({ from, span, point: from });
  test('centres what fits', () => {
    expect(pan(500, 0, 400, 1, null, null)).toBe(50);
    expect(pan(500, 0, 400, 1, subject(10, 300), -20)).toBe(50);
  });
  test('moves no more than it must, and not past the edge', () => {
    expect(pan(500, 0, 900, 1, subject(100, 200), -10)).toBe(-10);
    expect(pan(500, 0, 900, 1, subject(400, 200), 0)).toBe(-100);
    expect(pan(500, 0, 900, 1, subject(400, 200), -700)).toBe(-400);
  });
  test('goes past the edge for a subject that reaches out', () => {
    expect(pan(500, 0, 900, 1, subject(-30, 200), 0)).toBe(30);
    expect(pan(500, 0, 900, 1, subject(800, 140), -400)).toBe(-440);
    expect(pan(500, 0, 400, 1, subject(-70, 200), null)).toBe(70);
  });
  test('of what is wider than the view, the point is in its middle, or as near as the graph allows', () => {
    expect(pan(500, 0, 900, 1, { from: 100, span: 600, point: 400 }, 0)).toBe(-150);
    expect(pan(500, 0, 900, 1, { from: 100, span: 600, point: 700 }, 0)).toBe(-400);
  });
});
