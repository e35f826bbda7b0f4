import { useState } from 'react';

/** The order as the user just set it, until the engine reports a new one. */
export interface WishedOrder {
  readonly order: readonly string[];
  /** Moves one to the position of another. */
  move(id: string, over: string): void;
  /** Drops the order, because the engine did not apply it. */
  forget(): void;
}

/** `ids` must be the same array until the engine reports a change. */
export function useWishedOrder(ids: readonly string[]): WishedOrder {
  const [wish, setWish] = useState<{
    readonly of: readonly string[];
    readonly order: readonly string[];
  } | null>(null);
  const order = wish?.of === ids ? wish.order : ids;
  return {
    order,
    move: (id, over) => {
      const others = order.filter((each) => each !== id);
      const isDown = order.indexOf(id) < order.indexOf(over);
      const at = others.indexOf(over) + (isDown ? 1 : 0);
      setWish({ of: ids, order: [...others.slice(0, at), id, ...others.slice(at)] });
    },
    forget: () => setWish(null),
  };
}
