import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class LinkDto {
  @ApiProperty() href: string;
}

export class ErrorReportDto {
  @ApiProperty() code: string;
  @ApiProperty() attempted: string;
  @ApiProperty() on: string;
  @ApiProperty() why: string;
  @ApiProperty() remedy: string;
  @ApiPropertyOptional() detail?: string;
}

/** RFC 9457, with the typed report of what failed. */
export class ProblemDetailsDto {
  @ApiProperty() type: string;
  @ApiProperty() title: string;
  @ApiProperty() status: number;
  @ApiProperty() detail: string;
  @ApiPropertyOptional({ type: ErrorReportDto }) report?: ErrorReportDto;
}
