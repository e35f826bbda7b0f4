/**
 * CRC-32 of what was received of each block of a chunk (`block-checks.ts`), so that a bit that flips at rest costs a block, also where a
 * chunk is not finished. Null where nobody made any: rows of before, and bytes that other tools wrote.
 */
export const blockChecks = `
ALTER TABLE chunks ADD COLUMN blocks BLOB;
`;
