/**
 * Models that once had a name without an organization, and their current names; the Hub still redirects the short
 * names. From the documentation of transformers, which uses both.
 */
const MOVED: ReadonlyMap<string, string> = new Map(
  [
    ['openai-community', 'gpt2 gpt2-medium gpt2-large gpt2-xl openai-gpt roberta-base-openai-detector'],
    [
      'google-bert',
      'bert-base-uncased bert-base-cased bert-large-uncased bert-large-cased bert-base-multilingual-cased bert-base-multilingual-uncased bert-base-chinese bert-base-german-cased bert-large-uncased-whole-word-masking-finetuned-squad',
    ],
    [
      'FacebookAI',
      'roberta-base roberta-large roberta-large-mnli xlm-roberta-base xlm-roberta-large xlm-mlm-en-2048',
    ],
    [
      'distilbert',
      'distilbert-base-uncased distilbert-base-cased distilbert-base-multilingual-cased distilbert-base-uncased-finetuned-sst-2-english distilbert-base-cased-distilled-squad distilgpt2 distilroberta-base',
    ],
    ['google-t5', 't5-small t5-base t5-large t5-3b t5-11b'],
    ['albert', 'albert-base-v1 albert-base-v2 albert-large-v2 albert-xlarge-v2 albert-xxlarge-v2'],
    ['xlnet', 'xlnet-base-cased xlnet-large-cased'],
    ['transfo-xl', 'transfo-xl-wt103'],
    ['Salesforce', 'ctrl'],
    ['almanach', 'camembert-base'],
  ].flatMap(([organization, names = '']) =>
    names.split(' ').map((name) => [name, `${organization}/${name}`] as const),
  ),
);

/** Returns the full name of a model with a known short name; undefined for every other text. */
export function legacyName(name: string): string | undefined {
  return MOVED.get(name);
}
