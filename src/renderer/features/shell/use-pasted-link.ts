import { useEffect } from 'react';
import { useStores } from '../../stores/stores-context.tsx';

/** Returns the URL of a model's page when `text` is one and nothing else; null for any other text. */
export function pastedReference(text: string): string | null {
  const trimmed = text.trim();
  return trimmed.length <= 2000 && /^(https?|hf):\/\/\S+$/.test(trimmed) ? trimmed : null;
}

/** ⌘V of a URL anywhere except in a text field shows its files. */
export function usePastedLink(): void {
  const { navigation } = useStores();
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const isText = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      const { preview, cancelAsked, openPreview } = navigation.getState();
      if (isText || preview !== null || cancelAsked !== null) return;
      const reference = pastedReference(event.clipboardData?.getData('text/plain') ?? '');
      if (reference !== null) openPreview({ reference });
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [navigation]);
}
