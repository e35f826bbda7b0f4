import { describe, expect, it } from 'vitest';
import { developmentPolicy, PAGE_POLICY } from './csp.ts';

describe('PAGE_POLICY', () => {
  it('names no host, nothing unsafe and no wildcard', () => {
    expect(PAGE_POLICY).not.toMatch(/unsafe|\*|https?:|blob:/);
  });

  it('allows nothing that it does not name', () => {
    expect(PAGE_POLICY).toMatch(/^default-src 'none';/);
  });

  it('closes what default-src does not cover', () => {
    for (const directive of ['form-action', 'base-uri', 'frame-ancestors']) {
      expect(PAGE_POLICY).toContain(`${directive} 'none'`);
    }
  });
});

describe('developmentPolicy', () => {
  it('opens the way to the development server alone', () => {
    const sources = developmentPolicy('http://localhost:5173').match(/\S+:\S+/g);
    expect(sources).toEqual(['data:;', 'ws://localhost:5173;']);
  });
});
