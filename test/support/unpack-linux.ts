/** Before all tests: unpacks the Linux sources once, so that no two workers do. */

import { KERNELS, linuxSource } from './linux-source.ts';

export default function setup(): void {
  for (const { kernel } of KERNELS) linuxSource(kernel);
}
