import { OPERATION_STATES, OPERATION_TYPES, PHASES } from '@underware/core';
import type { OperationAction, OperationState, OperationType, Phase, StepStatus } from '@underware/core';
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
  @ApiProperty({ type: OperationLinks }) _links: OperationLinks;
}

/** One step of a host, as its agent reported it. */
export class StepDto {
  @ApiProperty({ description: 'Grows with every event; what `after` of the next call takes' }) id: string;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty() service: string;
  @ApiProperty() generation: number;
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['started', 'done', 'failed', 'undone'] }) status: StepStatus;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiPropertyOptional({ type: ErrorReportDto }) error?: ErrorReportDto;
}
