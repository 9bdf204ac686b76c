export type { WorkloadRuntime } from './workload-runtime.js';
export { ProcessRuntime, type ProcessRuntimeOptions } from './process-runtime.js';
export { ContainerRuntime, type ContainerRuntimeOptions } from './container-runtime.js';
export { hasImage, importImage, removeImage } from './engine-image.js';
