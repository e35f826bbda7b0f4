/** The fields of a model that decide how much memory a conversation takes. */
export interface ModelShape {
  readonly layers: number;
  /** Key and value heads; fewer than query heads in grouped-query attention. */
  readonly keyValueHeads: number;
  /** Numbers in a key. */
  readonly headSize: number;
  /** Length of the context in tokens; null when unknown. */
  readonly contextLength: number | null;
  /** Share of the weights used to compute one token: 1 except for mixtures of experts; null when unknown. */
  readonly activeShare: number | null;
}

/** Models are far smaller; a larger number is an error or a lie. */
const MAX_LAYERS = 1000;
const MAX_HEADS = 1024;
const MAX_HEAD_SIZE = 4096;
const MAX_CONTEXT = 1e8;

/**
 * Reads the shape from a `config.json` of transformers or MLX; returns null when it is not there. Models that see or
 * hear keep it under `text_config` (transformers, configuration_utils.py).
 */
export function shapeFromConfig(text: string): ModelShape | null {
  const config = recordOf(parsed(text));
  const inner = recordOf(config?.text_config) ?? recordOf(config?.llm_config) ?? config;
  if (inner === null) return null;
  const layers = within(inner.num_hidden_layers ?? inner.n_layer ?? inner.num_layers, MAX_LAYERS);
  const heads = within(inner.num_attention_heads ?? inner.n_head, MAX_HEADS);
  const width = within(inner.hidden_size ?? inner.n_embd ?? inner.d_model, MAX_HEADS * MAX_HEAD_SIZE);
  if (layers === null || heads === null) return null;
  const headSize =
    within(inner.head_dim, MAX_HEAD_SIZE) ?? (width === null ? null : Math.round(width / heads));
  if (headSize === null) return null;
  return {
    layers,
    keyValueHeads: within(inner.num_key_value_heads, MAX_HEADS) ?? heads,
    headSize,
    contextLength: within(inner.max_position_embeddings ?? inner.n_positions, MAX_CONTEXT),
    activeShare: isMixture(inner) ? null : 1,
  };
}

function isMixture(config: Readonly<Record<string, unknown>>): boolean {
  return ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_intermediate_size'].some(
    (key) => within(config[key], Number.MAX_SAFE_INTEGER) !== null,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : null;
}

function within(value: unknown, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most ? value : null;
}
