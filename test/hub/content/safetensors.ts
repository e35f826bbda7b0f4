interface Tensor {
  readonly name: string;
  readonly dtype: 'BF16' | 'U8';
  readonly shape: readonly number[];
  readonly bytes: number;
}

const LENGTH_BYTES = 8;
const BF16_BYTES = 2;
const MIN_LAYERS = 12;
const MAX_LAYERS = 64;
const HIDDEN_SIZES = [4096, 2048, 1024, 512, 128, 32, 8];

/**
 * The head of a safetensors file of exactly `size` bytes: the length of the header as 8 bytes little-endian and the
 * JSON header, padded with spaces to a multiple of 8. The tensors cover the rest without gap or overlap
 * (format: https://github.com/huggingface/safetensors). Throws when `size` is too small, below about 200 bytes.
 */
export function safetensorsHeader(size: number): Buffer {
  for (let length = 8; length < size; ) {
    const json = headerJson(size - LENGTH_BYTES - length);
    if (json.length <= length) return encode(json, length);
    length = Math.ceil(json.length / 8) * 8;
  }
  throw new RangeError(
    `A safetensors file of ${size} bytes cannot hold its own header; use 200 bytes or more.`,
  );
}

function encode(json: string, length: number): Buffer {
  const head = Buffer.alloc(LENGTH_BYTES + length, ' ');
  head.writeBigUInt64LE(BigInt(length), 0);
  head.write(json, LENGTH_BYTES, 'latin1');
  return head;
}

function headerJson(dataBytes: number): string {
  const header: Record<string, unknown> = { __metadata__: { format: 'mlx' } };
  let offset = 0;
  for (const { name, dtype, shape, bytes } of tensors(dataBytes)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  return JSON.stringify(header);
}

function tensors(dataBytes: number): Tensor[] {
  const hidden = HIDDEN_SIZES.find((h) => layerBytes(h) * MIN_LAYERS <= dataBytes);
  const all: Tensor[] = [];
  let left = dataBytes;
  const add = (tensor: Tensor) => {
    all.push(tensor);
    left -= tensor.bytes;
  };
  if (hidden !== undefined) {
    const layers = Math.min(MAX_LAYERS, Math.floor(left / layerBytes(hidden)));
    for (let i = 0; i < layers; i += 1) for (const tensor of layer(i, hidden)) add(tensor);
    const rows = Math.floor(left / (hidden * BF16_BYTES));
    if (rows > 0) add(bf16('decoder.prediction.embed.weight', [rows, hidden]));
  }
  if (left > 0) add({ name: 'reserved', dtype: 'U8', shape: [left], bytes: left });
  return all;
}

function layer(index: number, hidden: number): Tensor[] {
  const name = (part: string) => `encoder.layers.${index}.${part}`;
  return [
    bf16(name('norm_self_att.weight'), [hidden]),
    bf16(name('norm_self_att.bias'), [hidden]),
    ...['q', 'k', 'v', 'out'].map((part) => bf16(name(`self_attn.linear_${part}.weight`), [hidden, hidden])),
    bf16(name('norm_feed_forward.weight'), [hidden]),
    bf16(name('feed_forward.linear1.weight'), [4 * hidden, hidden]),
    bf16(name('feed_forward.linear2.weight'), [hidden, 4 * hidden]),
  ];
}

function layerBytes(hidden: number): number {
  return layer(0, hidden).reduce((sum, tensor) => sum + tensor.bytes, 0);
}

function bf16(name: string, shape: readonly number[]): Tensor {
  return { name, dtype: 'BF16', shape, bytes: shape.reduce((product, n) => product * n, BF16_BYTES) };
}
