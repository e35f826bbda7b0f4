import { type DragEvent, useState } from 'react';
import { useStores } from '../../stores/stores-context.tsx';

/** Handlers for a drop target, and whether a file is over it now. */
export interface FileDrop {
  readonly isOver: boolean;
  readonly handlers: {
    onDragOver(event: DragEvent): void;
    onDragLeave(event: DragEvent): void;
    onDrop(event: DragEvent): void;
  };
}

/** Accepts one file and passes its path on this disk (empty when it has none) and its size. */
export function useFileDrop(isWanted: boolean, onPath: (path: string, bytes: number) => void): FileDrop {
  const { bridge } = useStores();
  const [isOver, setOver] = useState(false);
  return {
    isOver,
    handlers: {
      onDragOver: (event) => {
        if (!isWanted || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      },
      onDragLeave: (event) => {
        const goesTo = event.relatedTarget;
        if (!(goesTo instanceof Node && event.currentTarget.contains(goesTo))) setOver(false);
      },
      onDrop: (event) => {
        if (!isWanted) return;
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onPath(bridge.pathOf(file), file.size);
      },
    },
  };
}
