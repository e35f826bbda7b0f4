import { type Header, LENGTH_BYTES, parseHeader } from '../../src/engine/jobs/quantize/safetensors/header.ts';
import {
  type FileLayout,
  layOut,
  type TensorShape,
} from '../../src/engine/jobs/quantize/safetensors/layout.ts';

/** The layout of a source with these tensors and its header as a reader sees it. */
export function sourceOf(shapes: readonly TensorShape[]): { layout: FileLayout; header: Header } {
  const layout = layOut(shapes);
  return { layout, header: parseHeader('model', layout.head.subarray(LENGTH_BYTES), layout.fileBytes) };
}
