import { configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { connect, createStores } from '../stores/stores.ts';
import { StoresProvider } from '../stores/stores-context.tsx';
import { type Answers, createFakeBridge } from './fake-bridge.ts';

// A second is not enough on a machine that does other things as well.
configure({ asyncUtilTimeout: 5000 });

/** Renders `content` with stores connected to a fake bridge, for component tests. */
export function renderPage(content: ReactNode, answers: Answers = {}) {
  // Each test begins like a first start.
  localStorage.clear();
  const fake = createFakeBridge(answers);
  const stores = createStores(fake.bridge);
  const disconnect = connect(stores, document);
  const view = render(<StoresProvider stores={stores}>{content}</StoresProvider>);
  return { ...view, fake, stores, disconnect, user: userEvent.setup() };
}

/** Returns what axe finds wrong on the page, as far as possible without layout and colors. */
export async function violations(container: Element = document.body): Promise<readonly string[]> {
  const off = { enabled: false };
  const result = await axe.run(container, { rules: { 'color-contrast': off, region: off } });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
