import { useEffect, useState } from 'react';

/** Returns milliseconds since 1970, updated each second while `isTicking` and the page is visible. */
export function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return;
    setNow(Date.now());
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
