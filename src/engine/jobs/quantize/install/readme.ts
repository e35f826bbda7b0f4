import type { Provenance } from './provenance.ts';

/** `README.md` of a built model: for people who find the folder without this program. */
export function readmeText(name: string, provenance: Provenance, load: string | null): string {
  const { source, recipe, output, tool, madeAt, license } = provenance;
  const how =
    recipe.bits === null
      ? 'rounded to BF16'
      : `quantized to ${recipe.bits} bits in groups of ${recipe.groupSize} (MLX affine)`;
  const lines = [
    `# ${name}`,
    '',
    `Made on this computer by ${tool} on ${madeAt.slice(0, 10)} from \`${source.repo}\` at commit \`${source.commit}\`:`,
    `the weights were ${how}. This is not a release of the authors of the model; it keeps the license of`,
    `the original${license === null ? ', which its repository states' : ` (${license})`}.`,
    '',
    `- Weights: \`${output.path}\`, ${output.size} bytes, SHA-256 \`${output.sha256}\``,
    `- Source: \`${source.path}\`, ${source.size} bytes, SHA-256 \`${source.sha256}\``,
    '- Everything else about how it was made and checked is in `haulyard.json`.',
  ];
  if (load !== null) lines.push('', 'To load it:', '', '```', load, '```');
  return `${lines.join('\n')}\n`;
}
