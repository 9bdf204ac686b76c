import { OPERATION_STATES, OPERATION_TYPES, PHASES } from '@underware/core';
import type {
  Band,
  CanaryOutcome,
  JudgedFigures,
  OperationAction,
  OperationState,
  OperationType,
  Phase,
  StepStatus,
} from '@underware/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ErrorReportDto, LinkDto, ProblemDetailsDto } from '../../http/dto.js';

export class OperationLinks {
  @ApiProperty({ type: LinkDto }) self: LinkDto;
  @ApiProperty({ type: LinkDto }) nsInstance: LinkDto;
  @ApiPropertyOptional({ type: LinkDto }) retry?: LinkDto;
  @ApiPropertyOptional({ type: LinkDto }) rollback?: LinkDto;
  @ApiPropertyOptional({ type: LinkDto }) fail?: LinkDto;
}

/** What an operation waits for: the hosts that have not yet reported what they were asked to become. */
export class OperationWaitDto {
  @ApiProperty({ type: [String], description: 'Names of hosts' }) hosts: string[];
  @ApiProperty({ format: 'date-time' }) since: string;
}

export class BandDto implements Band {
  @ApiProperty({ description: 'Of observing before, and of observing after' }) windowSeconds: number;
  @ApiProperty({ description: 'From 0 to 1: the share of a verdict may differ by this much' })
  tolerance: number;
  @ApiProperty({ description: 'From 0 to 1: the share of packets that were given up may grow by this much' })
  errorTolerance: number;
  @ApiProperty({ description: 'An instance that judged fewer says nothing' }) minPackets: number;
}

export class CanaryFiguresDto implements JudgedFigures {
  @ApiProperty({ description: 'Name of the host' }) host: string;
  @ApiProperty() instance: string;
  @ApiProperty({
    description: 'Packets by verdict',
    type: 'object',
    additionalProperties: { type: 'number' },
  })
  before: Record<string, number>;
  @ApiProperty({
    description: 'Packets by verdict',
    type: 'object',
    additionalProperties: { type: 'number' },
  })
  after: Record<string, number>;
  @ApiProperty({ enum: ['inside', 'outside', 'unseen'] }) outcome: CanaryOutcome;
  @ApiProperty() reason: string;
}

/** An update that is tried on a few hosts before it comes to the others. */
export class CanaryDto {
  @ApiProperty({ type: [String], description: 'Names of hosts' }) hosts: string[];
  @ApiProperty({ type: BandDto }) band: BandDto;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the observing that is going on began' })
  since?: string;
  @ApiPropertyOptional({ enum: ['inside', 'outside', 'unseen'] }) outcome?: CanaryOutcome;
  @ApiProperty({ type: [CanaryFiguresDto] }) figures: CanaryFiguresDto[];
}

/** SOL005 NsLcmOpOcc, with our phase. */
export class NsLcmOpOcc {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: OPERATION_STATES }) operationState: OperationState;
  @ApiProperty({ format: 'date-time' }) statusEnteredTime: string;
  @ApiProperty({ format: 'uuid' }) nsInstanceId: string;
  @ApiProperty({ enum: OPERATION_TYPES }) lcmOperationType: OperationType;
  @ApiProperty({ format: 'date-time' }) startTime: string;
  @ApiProperty() isAutomaticInvocation: boolean;
  @ApiProperty({ type: 'object', additionalProperties: true }) operationParams: Record<string, unknown>;
  @ApiProperty() isCancelPending: boolean;
  @ApiProperty({ enum: PHASES }) phase: Phase;
  @ApiProperty({ enum: ['retry', 'rollback', 'fail'], isArray: true }) allowedActions: OperationAction[];
  @ApiPropertyOptional({ type: OperationWaitDto }) waitsFor?: OperationWaitDto;
  @ApiPropertyOptional({ type: ProblemDetailsDto }) error?: ProblemDetailsDto;
  @ApiPropertyOptional({ type: CanaryDto }) canary?: CanaryDto;
  @ApiProperty({ type: OperationLinks }) _links: OperationLinks;
}

/** One step of a host, as its agent reported it. */
export class StepDto {
  @ApiProperty({ description: 'Grows with every event; what `after` of the next call takes' }) id: string;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty() service: string;
  @ApiProperty() generation: number;
  @ApiProperty({ description: 'By devices and keys, as the journal of the host has it' }) name: string;
  @ApiPropertyOptional({ description: 'The same by the names of the descriptor' }) title?: string;
  @ApiPropertyOptional({ description: 'Why it was needed' }) reason?: string;
  @ApiProperty({ enum: ['started', 'done', 'failed', 'undone'] }) status: StepStatus;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiPropertyOptional({ type: ErrorReportDto }) error?: ErrorReportDto;
}
