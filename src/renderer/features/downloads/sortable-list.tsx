import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { type ReactNode, useMemo } from 'react';
import { words } from '../download/words.ts';

/** Pixels that a pointer moves before it drags, so that a click on the handle is a click. */
const DRAG_DISTANCE = 4;

/** A list whose rows can be reordered, by pointer or by keys. */
export function SortableList(props: {
  /** In display order. */
  readonly ids: readonly string[];
  readonly nameOf: (id: string) => string;
  /** `over` is the one whose position `id` takes. */
  readonly onMove: (id: string, over: string) => void;
  readonly children: ReactNode;
}) {
  const { ids, nameOf, onMove } = props;
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: DRAG_DISTANCE } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const items = useMemo(() => [...ids], [ids]);
  const announcements = useMemo(() => announcementsFor(ids, nameOf), [ids, nameOf]);
  const end = ({ active, over }: DragEndEvent) => {
    if (over && over.id !== active.id) onMove(String(active.id), String(over.id));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={end}
      accessibility={{ announcements, screenReaderInstructions: { draggable: words.dragHelp } }}
    >
      <SortableContext items={items} strategy={verticalListSortingStrategy}>
        {props.children}
      </SortableContext>
    </DndContext>
  );
}

type Moved = { readonly active: { readonly id: unknown }; readonly over: { readonly id: unknown } | null };

function announcementsFor(ids: readonly string[], nameOf: (id: string) => string) {
  const name = ({ active }: Moved) => nameOf(String(active.id));
  const place = ({ over }: Moved) => ids.indexOf(String(over?.id)) + 1;
  return {
    onDragStart: ({ active }: Pick<Moved, 'active'>) => words.dragStart(nameOf(String(active.id))),
    onDragOver: (moved: Moved) =>
      moved.over ? words.dragOver(name(moved), place(moved), ids.length) : undefined,
    onDragEnd: (moved: Moved) =>
      moved.over ? words.dragEnd(name(moved), place(moved), ids.length) : words.dragCancel(name(moved)),
    onDragCancel: (moved: Moved) => words.dragCancel(name(moved)),
  };
}
