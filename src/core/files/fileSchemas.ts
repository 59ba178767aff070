import { z } from 'zod';
import { expertsFileSchema } from './expertsFile.js';
import { steeringFileSchema } from './steeringFile.js';

/** JSON schemas (draft 7, which VS Code reads) of our files, by the part of the file name before ".json". */
export function fileSchemas(): Record<'experts' | 'steering', object> {
  const options = { target: 'draft-7', io: 'input' } as const;
  return {
    experts: { title: 'SteerMoE list of experts', ...z.toJSONSchema(expertsFileSchema, options) },
    steering: { title: 'SteerMoE steering plan', ...z.toJSONSchema(steeringFileSchema, options) },
  };
}
