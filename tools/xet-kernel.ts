import { writeFile } from 'node:fs/promises';
import { assembleKernel, KERNEL_FILE, kernelFile, kernelIsCurrent } from './xet-kernel/module.ts';

/** Assembles the WebAssembly module that cuts and hashes (`npm run kernel`; part of `npm run build`). */
if (!(await kernelIsCurrent())) await writeFile(KERNEL_FILE, kernelFile(await assembleKernel()));
