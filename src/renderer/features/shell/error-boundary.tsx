import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { words } from './words.ts';

interface BoundaryState {
  readonly message: string | null;
}

/** Shows an error text instead of a view that threw. A new `view` is another try. */
export class ErrorBoundary extends Component<
  { readonly view: string; readonly children: ReactNode },
  BoundaryState
> {
  override state: BoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(before: { readonly view: string }): void {
    if (before.view !== this.props.view && this.state.message !== null) this.setState({ message: null });
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <EmptyState
        title={words.crashedTitle}
        actions={
          <Button look="primary" onClick={() => window.location.reload()}>
            {words.reload}
          </Button>
        }
      >
        <p>{words.crashedText}</p>
        <p data-selectable>
          <code>{this.state.message}</code>
        </p>
      </EmptyState>
    );
  }
}
