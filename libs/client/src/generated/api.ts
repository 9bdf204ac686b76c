// Generated from apps/orchestrator/openapi.json by libs/client/generate.mjs: do not edit.

export interface paths {
    "/underware/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Newest first. */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description Id of the last entry of the page before */
                    before?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditEntry"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/capture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Packets as they pass the probes of a port, as a pcapng file. The probe must have `capture: true`. Answers when there are enough or the time is over. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CaptureRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        /** @description How many are in the file */
                        "Underware-Packets"?: number;
                        /** @description How many more were to be in it */
                        "Underware-Lost"?: number;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-pcapng": string;
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Connections that firewalls of the service know, asked of the kernels. Offset and limit count on each host; packets go on meanwhile, so that pages are no snapshot. */
        get: {
            parameters: {
                query?: {
                    /** @description Of one firewall; default all of the service */
                    underservice?: string;
                    /** @description Of either end */
                    address?: string;
                    /** @description Of either end */
                    port?: number;
                    protocol?: "tcp" | "udp" | "icmp";
                    offset?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConnectionsDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** @description Forgets connections: their packets are judged by the rules again, as if they had just begun. */
        delete: {
            parameters: {
                query?: {
                    /** @description Of one firewall; default all of the service */
                    underservice?: string;
                    /** @description Of either end */
                    address?: string;
                    /** @description Of either end */
                    port?: number;
                    protocol?: "tcp" | "udp" | "icmp";
                    /** @description Needed where nothing else says which */
                    all?: boolean;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FlushedDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nsd/v1/ns_descriptors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsdInfo"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateNsdInfoRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsdInfo"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nsd/v1/ns_descriptors/{nsdInfoId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsdInfo"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NsdInfoModifications"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsdInfoModifications"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/nsd/v1/ns_descriptors/{nsdInfoId}/nsd_content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What was uploaded; a descriptor of one file also packed, where Accept asks for that. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/yaml": string;
                        "text/plain": string;
                        "application/zip": string;
                    };
                };
                /** @description The range that was asked for */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        /** @description One file, or a CSAR of several. Compiled before it is kept: what does not compile is refused with every finding. */
        put: {
            parameters: {
                query?: {
                    /** @description Name that findings carry */
                    file?: string;
                };
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/yaml": string;
                    "text/plain": string;
                    "application/zip": string;
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nsd/v1/ns_descriptors/{nsdInfoId}/nsd": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The file to begin with, by itself. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsdInfoId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                        "application/yaml": string;
                    };
                };
                /** @description The range that was asked for */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Server-sent events: `operation` (NsLcmOpOcc), `step` (StepDto, with the id of its operation unless a host mended something by itself), `host` (Host), `telemetry` (chains, instances and workloads of one host), `packet` (PacketEventDto). What happened before the call is not told: read the resource after the stream opened. */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this service instance */
                    service?: string;
                    /** @description Only of this operation */
                    operation?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_lcm_op_occs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    nsInstanceId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsLcmOpOcc"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsLcmOpOccId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsLcmOpOcc"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsLcmOpOccId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsLcmOpOccId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_lcm_op_occs/{nsLcmOpOccId}/fail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsLcmOpOccId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/operations/{nsLcmOpOccId}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What the hosts did for an operation, oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Only steps with a greater id */
                    after?: string;
                };
                header?: never;
                path: {
                    nsLcmOpOccId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StepDto"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Host"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        /** @description The answer holds the token of its agent, this once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EnrolHostRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EnrolledHost"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/hosts/{hostId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hostId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Host"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** @description With `force` also a host that holds something and is gone for good; what it holds it keeps. */
        delete: {
            parameters: {
                query?: {
                    force?: boolean;
                };
                header?: never;
                path: {
                    hostId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/packet_events/{nsInstanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description What plugins of a service reported of packets: the first packet of a flow, a packet that a rule with `log` decided. The newest ones, oldest first; older ones are forgotten. */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description Id of the last one that is known */
                    after?: string;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PacketEventDto"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/flows/{nsInstanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The flows with the most bytes, asked of the probes of the service as they are now. */
        get: {
            parameters: {
                query?: {
                    top?: number;
                    /** @description Name of a port: only of probes there */
                    port?: string;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FlowsDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/logs/{nsInstanceId}/{vnf}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The last lines that a VNF wrote. */
        get: {
            parameters: {
                query?: {
                    tail?: number;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                    vnf: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/plugin_instances/{key}/maps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The maps of a plugin instance, asked of its kernel. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MapDto"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/plugin_instances/{key}/maps/{map}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Entries in the order of the map. Packets go on meanwhile: pages are no snapshot. */
        get: {
            parameters: {
                query?: {
                    offset?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    nsInstanceId: string;
                    key: string;
                    map: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MapPageDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/plugin_instances/{key}/maps/{map}/entries/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The key is JSON, by the names of its fields, as it is read. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                    key: string;
                    map: string;
                    entry: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MapRowDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        /** @description The key is JSON, by the names of its fields, as it is read. Maps of role config are refused with 409: they are fixed for the life of a revision. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                    key: string;
                    map: string;
                    entry: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MapEntryRequest"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        post?: never;
        /** @description The key is JSON, by the names of its fields, as it is read. An entry of an array becomes zeros. Maps of role config are refused with 409. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                    key: string;
                    map: string;
                    entry: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description For Prometheus: hosts, services, operations, plugin instances by verdict, rules by name, round trips. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ValidateRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Validation"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Plans for the hosts as they are now; nothing is kept. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PlanRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DryRunPlanDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description All hosts and plugins as planning sees them now, to plan elsewhere. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InventoryDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plans/{nsInstanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The plan in force of a service instance; of one that ended, the newest. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plugin"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        /** @description The same package again is answered as the first time. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plugin"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plugins/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    digest: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plugin"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** @description Refused while a service instance that is or is becoming something uses it. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    digest: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plugins/{digest}/package": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    digest: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/residency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Of every host: what is loaded without a user, until when, and why. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HostResidencyReport"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/hosts/{hostId}/residency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** @description What is held already goes or stays as the policy has it from now on; what is in use stays. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hostId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["HostResidencyRequest"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsInstance"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CreateNsRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsInstance"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_instances/{nsInstanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NsInstance"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_instances/{nsInstanceId}/instantiate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Location is the operation that was started. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InstantiateNsRequest"];
                };
            };
            responses: {
                202: {
                    headers: {
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_instances/{nsInstanceId}/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Plans it again: VNFs, addresses and versions of plugins stay where they may. Location is the operation that was started. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UpdateNsRequest"];
                };
            };
            responses: {
                202: {
                    headers: {
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/ns_instances/{nsInstanceId}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Location is the operation that was started. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TerminateNsRequest"];
                };
            };
            responses: {
                202: {
                    headers: {
                        Location?: string;
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Every service instance, and what is not as it must be of those that run. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceInstanceSummary"][];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Graph, placements, chains with their hops and live counters, workloads. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServiceInstanceTree"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/service_instances/{nsInstanceId}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description What the chain of a port does with a packet, hop by hop. Nothing is sent, nothing is counted, and no connection is made: it runs through copies of the plugin instances, with what the live ones remember. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    nsInstanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TraceRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TraceDto"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/underware/v1/plugins/{digest}/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description Brings this version to every service that has another one of the plugin: one operation of type UPDATE for each, which go on together. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    digest: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UpgradeRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PluginUpgrade"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nsd/api_versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiVersionInformation"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nsd/v1/api_versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiVersionInformation"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/api_versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiVersionInformation"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nslcm/v1/api_versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiVersionInformation"];
                    };
                };
                /** @description Anything that was refused or failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDetailsDto"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ErrorReportDto: {
            code: string;
            attempted: string;
            on: string;
            why: string;
            remedy: string;
            detail?: string;
        };
        AuditEntry: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @description Name of the token, or `host <name>` */
            actor: string;
            action: string;
            object: string;
            /** @description `done`, the code of the error that refused it, or `begun` while its end is not kept */
            outcome: string;
            report?: components["schemas"]["ErrorReportDto"];
        };
        CaptureRequest: {
            /** @description Name of a port of the descriptor, or the device of an uplink */
            port: string;
            /**
             * @description Seen from the owner of the port; default both
             * @enum {string}
             */
            direction?: "inbound" | "outbound";
            /**
             * @description One of so many packets, by chance; default every one
             * @default 1
             */
            every: number;
            /**
             * @description Bytes of each packet
             * @default 2048
             */
            snap: number;
            /**
             * @description It ends with so many packets
             * @default 100
             */
            count: number;
            /**
             * @description Or after so many seconds
             * @default 10
             */
            seconds: number;
        };
        ConnectionEndDto: {
            address: string;
            /** @description Of ICMP the identifier of the echo */
            port: number;
            /** @description Of the port of the service that has the address */
            name?: string;
        };
        ConnectionWayDto: {
            packets: number;
            bytes: number;
        };
        ConnectionDto: {
            /** Format: uuid */
            host: string;
            /** @description The firewall that knows it */
            underservice: string;
            protocol: string;
            state: string;
            /** @description Who opened it */
            from: components["schemas"]["ConnectionEndDto"];
            to: components["schemas"]["ConnectionEndDto"];
            asked: components["schemas"]["ConnectionWayDto"];
            answered: components["schemas"]["ConnectionWayDto"];
            /** @description The rule that allowed it */
            rule: string;
            ageSeconds: number;
            /** @description Since its last packet */
            idleSeconds: number;
        };
        ConnectionsDto: {
            connections: components["schemas"]["ConnectionDto"][];
            /** @description There are more behind them */
            more: boolean;
        };
        FlushedDto: {
            /** @description Connections that were forgotten */
            flushed: number;
        };
        LinkDto: {
            href: string;
        };
        NsdInfoLinks: {
            self: components["schemas"]["LinkDto"];
            nsd_content: components["schemas"]["LinkDto"];
            /** @description The main file alone */
            nsd: components["schemas"]["LinkDto"];
        };
        NsdInfo: {
            /** Format: uuid */
            id: string;
            nsdName?: string;
            nsdVersion?: string;
            /** @enum {string} */
            nsdOnboardingState: "CREATED" | "ONBOARDED";
            /** @enum {string} */
            nsdOperationalState: "ENABLED" | "DISABLED";
            /** @enum {string} */
            nsdUsageState: "IN_USE" | "NOT_IN_USE";
            userDefinedData: {
                [key: string]: unknown;
            };
            _links: components["schemas"]["NsdInfoLinks"];
        };
        CreateNsdInfoRequest: {
            userDefinedData?: {
                [key: string]: unknown;
            };
        };
        NsdInfoModifications: {
            /** @enum {string} */
            nsdOperationalState?: "ENABLED" | "DISABLED";
            userDefinedData?: {
                [key: string]: unknown;
            };
        };
        OperationWaitDto: {
            /** @description Names of hosts */
            hosts: string[];
            /** Format: date-time */
            since: string;
        };
        ProblemDetailsDto: {
            type: string;
            title: string;
            status: number;
            detail: string;
            report?: components["schemas"]["ErrorReportDto"];
        };
        BandDto: {
            /** @description Of observing before, and of observing after */
            windowSeconds: number;
            /** @description From 0 to 1: the share of a verdict may differ by this much */
            tolerance: number;
            /** @description From 0 to 1: the share of packets that were given up may grow by this much */
            errorTolerance: number;
            /** @description An instance that judged fewer says nothing */
            minPackets: number;
        };
        CanaryFiguresDto: {
            /** @description Name of the host */
            host: string;
            instance: string;
            /** @description Packets by verdict */
            before: {
                [key: string]: number;
            };
            /** @description Packets by verdict */
            after: {
                [key: string]: number;
            };
            /** @enum {string} */
            outcome: "inside" | "outside" | "unseen";
            reason: string;
        };
        CanaryDto: {
            /** @description Names of hosts */
            hosts: string[];
            band: components["schemas"]["BandDto"];
            /**
             * Format: date-time
             * @description When the observing that is going on began
             */
            since?: string;
            /** @enum {string} */
            outcome?: "inside" | "outside" | "unseen";
            figures: components["schemas"]["CanaryFiguresDto"][];
        };
        OperationLinks: {
            self: components["schemas"]["LinkDto"];
            nsInstance: components["schemas"]["LinkDto"];
            retry?: components["schemas"]["LinkDto"];
            rollback?: components["schemas"]["LinkDto"];
            fail?: components["schemas"]["LinkDto"];
        };
        NsLcmOpOcc: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            operationState: "PROCESSING" | "COMPLETED" | "FAILED_TEMP" | "FAILED" | "ROLLING_BACK" | "ROLLED_BACK";
            /** Format: date-time */
            statusEnteredTime: string;
            /** Format: uuid */
            nsInstanceId: string;
            /** @enum {string} */
            lcmOperationType: "INSTANTIATE" | "UPDATE" | "TERMINATE";
            /** Format: date-time */
            startTime: string;
            isAutomaticInvocation: boolean;
            operationParams: {
                [key: string]: unknown;
            };
            isCancelPending: boolean;
            /** @enum {string} */
            phase: "planning" | "measuring" | "canary" | "watching" | "conditioning" | "starting" | "stopping" | "unconditioning" | "done";
            allowedActions: ("retry" | "rollback" | "fail")[];
            waitsFor?: components["schemas"]["OperationWaitDto"];
            error?: components["schemas"]["ProblemDetailsDto"];
            canary?: components["schemas"]["CanaryDto"];
            _links: components["schemas"]["OperationLinks"];
        };
        StepDto: {
            /** @description Grows with every event; what `after` of the next call takes */
            id: string;
            /** Format: uuid */
            host: string;
            hostName: string;
            service: string;
            generation: number;
            /** @description By devices and keys, as the journal of the host has it */
            name: string;
            /** @description The same by the names of the descriptor */
            title?: string;
            /** @description Why it was needed */
            reason?: string;
            /** @enum {string} */
            status: "started" | "done" | "failed" | "undone";
            /** Format: date-time */
            at: string;
            error?: components["schemas"]["ErrorReportDto"];
        };
        UsageDto: {
            cpus: number;
            memoryBytes: number;
        };
        Host: {
            /** Format: uuid */
            id: string;
            name: string;
            labels: {
                [key: string]: string;
            };
            ready: boolean;
            /** @description Why it is not ready */
            reason?: string;
            /** Format: date-time */
            registeredAt?: string;
            /** Format: date-time */
            lastHeartbeatAt?: string;
            /** @description Of what it must be */
            desiredGeneration: number;
            /** @description Of what it last reported to be */
            appliedGeneration: number;
            used: components["schemas"]["UsageDto"];
            /** @description Kernel profile, size, runtimes and uplinks as the agent reported them */
            facts?: {
                [key: string]: unknown;
            };
            slices: {
                [key: string]: unknown;
            }[];
        };
        EnrolHostRequest: {
            /** @description Lower-case letters, digits, dots and dashes; at most 63 */
            name: string;
            labels?: {
                [key: string]: string;
            };
        };
        EnrolledHost: {
            /** Format: uuid */
            id: string;
            name: string;
            token: string;
            /** @description What the agent is given as UNDERWARE_QUEUE_URL */
            queueUrl: string;
        };
        FlowEndsDto: {
            /** @description Its name, or its number */
            protocol: string;
            source: string;
            destination: string;
            /** @description 0 where the packet has none */
            sourcePort: number;
            destinationPort: number;
        };
        PacketEventDto: {
            /** @description Grows with every event; what `after` of the next call takes */
            id: string;
            /**
             * Format: date-time
             * @description By the host's clock
             */
            at: string;
            /** Format: uuid */
            service: string;
            serviceName: string;
            /** Format: uuid */
            host: string;
            hostName: string;
            underservice: string;
            port: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @description `new flow`, `rule telnet`, … */
            what: string;
            flow?: components["schemas"]["FlowEndsDto"];
            bytes?: number;
            rule?: string;
            /** @enum {string} */
            action?: "pass" | "drop";
            /** @description How many came before it from the same instance and were not told */
            lost: number;
            /** @description The plugin's own record */
            record: {
                [key: string]: unknown;
            };
        };
        FlowDto: {
            flow: components["schemas"]["FlowEndsDto"];
            packets: number;
            bytes: number;
            /**
             * Format: date-time
             * @description By the host's clock
             */
            startedAt: string;
            /** Format: date-time */
            lastAt: string;
            /** @description Of TCP: all that the connection showed in this direction */
            tcpFlags: string[];
            /** @description Of TCP, of who asked: microseconds from its SYN to the answer, at this port */
            destinationRttUs?: number;
            /** @description The same: from the answer to its acknowledgement */
            sourceRttUs?: number;
            /** Format: uuid */
            host: string;
            hostName: string;
            underservice: string;
            port: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
        };
        SilentHostDto: {
            hostName: string;
            why: string;
        };
        FlowsDto: {
            /** @description Those with the most bytes first */
            flows: components["schemas"]["FlowDto"][];
            /** @description How many flows the asked probes remember */
            known: number;
            /** @description Hosts that could not say what they see */
            silent: components["schemas"]["SilentHostDto"][];
        };
        MapDto: {
            name: string;
            /** @enum {string} */
            role: "config" | "state" | "telemetry";
            /**
             * @description Who has the same map
             * @enum {string}
             */
            scope: "instance" | "service" | "host";
            description: string;
            /** @description As libbpf calls it: hash, percpu_array, … */
            type: string;
            maxEntries: number;
            /** @description Its values are shown added up over the CPUs */
            perCpu: boolean;
            /** @description Kernel memory */
            memoryBytes: number;
        };
        MapRowDto: {
            /** @description By the names of its fields, or a number */
            key: Record<string, never>;
            /** @description The same. Bytes are hex, numbers beyond 2^53 decimal text */
            value: Record<string, never>;
        };
        MapPageDto: {
            rows: components["schemas"]["MapRowDto"][];
            /** @description There are more behind them */
            more: boolean;
        };
        MapEntryRequest: {
            /** @description As it is read */
            value: {
                [key: string]: unknown;
            } | unknown[] | number | string | boolean;
        };
        ValidateRequest: {
            /** @description Name that findings carry */
            file?: string;
            /** @description The text of a descriptor of one file */
            content?: string;
            /**
             * Format: byte
             * @description A descriptor of several files: a CSAR
             */
            package?: string;
            inputs?: {
                [key: string]: unknown;
            };
        };
        FindingDto: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning";
            file: string;
            line: number;
            column: number;
            message: string;
            expected?: string;
            nearest?: string;
        };
        Validation: {
            valid: boolean;
            findings: components["schemas"]["FindingDto"][];
        };
        PlanRequest: {
            /** @description Name that findings carry */
            file?: string;
            /** @description The text of a descriptor of one file */
            content?: string;
            /**
             * Format: byte
             * @description A descriptor of several files: a CSAR
             */
            package?: string;
            inputs?: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            nsdId?: string;
            /**
             * Format: uuid
             * @description A service instance that the plan is for: what it has stays where it may, and is compared with
             */
            nsInstanceId?: string;
            /** @description A reason for every host that is not taken, and how far a solver finds the plan from the best */
            explain?: boolean;
        };
        PlanGraphDto: {
            name: string;
            version: string;
        };
        PlanPlacementDto: {
            vnf: string;
            host: string;
            /** @enum {string} */
            runtime: "container" | "process";
            reason: string;
        };
        DecisionDto: {
            subject: string;
            /** @enum {string} */
            outcome: "chosen" | "rejected";
            choice: string;
            reason: string;
        };
        DryRunPlanDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            service: string;
            /** Format: date-time */
            createdAt: string;
            graph: components["schemas"]["PlanGraphDto"];
            placements: components["schemas"]["PlanPlacementDto"][];
            /** @description What every host must become, by host id */
            slices: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            decisions: components["schemas"]["DecisionDto"][];
            /** @description Names of the hosts of the plan by id */
            hostNames: {
                [key: string]: string;
            };
            /** @description Network identifiers of links by name */
            vnis?: {
                [key: string]: number;
            };
            /** @description What it takes of each host, how full the fullest one is, and what no placement can be below */
            costs?: {
                [key: string]: unknown;
            };
            /** @description What it does on each host: placed, loaded, reused, chained, pinned, started, costs, and changes to the plan in force */
            hosts: {
                [key: string]: unknown;
            }[];
            /**
             * Format: uuid
             * @description The plan that it is compared with
             */
            inForce?: string;
        };
        InventoryDto: {
            inventory: {
                [key: string]: unknown;
            };
            catalog: {
                [key: string]: unknown;
            };
        };
        PlanDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            service: string;
            /** Format: date-time */
            createdAt: string;
            graph: components["schemas"]["PlanGraphDto"];
            placements: components["schemas"]["PlanPlacementDto"][];
            /** @description What every host must become, by host id */
            slices: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            decisions: components["schemas"]["DecisionDto"][];
            /** @description Names of the hosts of the plan by id */
            hostNames: {
                [key: string]: string;
            };
            /** @description Network identifiers of links by name */
            vnis?: {
                [key: string]: number;
            };
            /** @description What it takes of each host, how full the fullest one is, and what no placement can be below */
            costs?: {
                [key: string]: unknown;
            };
        };
        Plugin: {
            /** @description sha256:<64 hex> of the signed manifest */
            digest: string;
            name: string;
            version: string;
            summary: string;
            /** @description Underservice that it implements */
            implements: string;
            /** @description Trusted key that signed it */
            keyId: string;
            size: number;
            /** Format: date-time */
            onboardedAt: string;
            manifest: {
                [key: string]: unknown;
            };
            /** @description Derived from its object */
            requirements: {
                [key: string]: unknown;
            };
        };
        HeldInstanceDto: {
            key: string;
            /** @description Name and version */
            plugin: string;
            underservice: string;
            program: string;
            memoryBytes: number;
            /**
             * Format: date-time
             * @description When its last user went
             */
            since: string;
            /**
             * Format: date-time
             * @description None: for as long as its descriptor and its plugin are there
             */
            until?: string;
            /** @description Why it is held */
            reason: string;
            /** @description Whether the host last said that it is loaded */
            loaded: boolean;
        };
        PluginDemandDto: {
            /** @description Name and version */
            plugin: string;
            inUse: number;
            /** @description Uses that the history has */
            uses: number;
            /** @description Of one instance */
            memoryBytes: number;
            /** @description The median of its loads, or what is assumed where none was measured */
            loadMilliseconds: number;
            /** @description Holding for so long costs as much as loading again */
            breakEvenSeconds: number;
        };
        HostResidencyReport: {
            /** Format: uuid */
            host: string;
            hostName: string;
            /** @enum {string} */
            policy: "as-asked" | "dynamic" | "persistent";
            budgetBytes?: number;
            /** @description Of plugins that are in use */
            usedBytes: number;
            /** @description Of plugins that are loaded without a user */
            heldBytes: number;
            held: components["schemas"]["HeldInstanceDto"][];
            plugins: components["schemas"]["PluginDemandDto"][];
        };
        HostResidencyRequest: {
            /**
             * @description What is done with plugins without a user, whatever descriptors ask for
             * @enum {string}
             */
            policy: "as-asked" | "dynamic" | "persistent";
            /** @description Kernel memory for all plugins, in use or not; none: as much as there is */
            budgetBytes?: number;
        };
        NsInstanceLinks: {
            self: components["schemas"]["LinkDto"];
            instantiate: components["schemas"]["LinkDto"];
            update: components["schemas"]["LinkDto"];
            terminate: components["schemas"]["LinkDto"];
        };
        NsInstance: {
            /** Format: uuid */
            id: string;
            nsInstanceName: string;
            nsInstanceDescription: string;
            /** Format: uuid */
            nsdId: string;
            /** Format: uuid */
            nsdInfoId: string;
            nsdName?: string;
            nsdVersion?: string;
            /** @enum {string} */
            nsState: "NOT_INSTANTIATED" | "INSTANTIATED";
            _links: components["schemas"]["NsInstanceLinks"];
        };
        CreateNsRequest: {
            /**
             * Format: uuid
             * @description Id of the ns_descriptors resource
             */
            nsdId: string;
            nsName: string;
            nsDescription?: string;
        };
        AdditionalParamsForNs: {
            inputs?: {
                [key: string]: unknown;
            };
        };
        InstantiateNsRequest: {
            additionalParamsForNs?: components["schemas"]["AdditionalParamsForNs"];
            /** @description Deployment flavour; a descriptor has one */
            nsFlavourId?: string;
        };
        AssocNewNsdVersionData: {
            /**
             * Format: uuid
             * @description Id of the ns_descriptors resource
             */
            newNsdId: string;
        };
        UpdateNsRequest: {
            /** @enum {string} */
            updateType: "ASSOC_NEW_NSD_VERSION";
            /** @description The descriptor that it shall be; without it, its own with other inputs */
            assocNewNsdVersionData?: components["schemas"]["AssocNewNsdVersionData"];
            /** @description Inputs that are not named keep their values; null takes one away */
            additionalParamsForNs?: components["schemas"]["AdditionalParamsForNs"];
        };
        TerminateNsRequest: Record<string, never>;
        ServiceInstanceSummary: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            nsState: "NOT_INSTANTIATED" | "INSTANTIATED";
            /** @description What is not as it must be, in words; of one that runs */
            troubles: string[];
        };
        PlacementDto: {
            vnf: string;
            /** Format: uuid */
            host: string;
            hostName: string;
            /** @enum {string} */
            runtime: "container" | "process";
            reason: string;
        };
        HopDto: {
            key: string;
            underservice: string;
            /** @description name@version */
            plugin: string;
            program: string;
            order: number;
            /** @enum {string} */
            residency: "persistent" | "dynamic";
            /** @description Seen in the kernel, in this chain, at the last heartbeat, or made since */
            present: boolean;
            /** @description Packets and bytes by verdict */
            verdicts: {
                [key: string]: components["schemas"]["VerdictCountersDto"];
            };
            /**
             * Format: date-time
             * @description When its counters were zero last: it was loaded then, or emptied for this service
             */
            countsSince?: string;
            runTime?: {
                [key: string]: unknown;
            };
            /** @description Telemetry maps by name: rows as {key, value} */
            maps: {
                [key: string]: {
                    [key: string]: unknown;
                }[];
            };
        };
        ChainDto: {
            /** Format: uuid */
            host: string;
            hostName: string;
            /** @description Name of the port in the descriptor, or of the uplink */
            port: string;
            device: string;
            /** @enum {string} */
            hook: "xdp" | "xdp/egress" | "tcx/ingress" | "tcx/egress";
            /** @enum {string} */
            direction: "inbound" | "outbound";
            hops: components["schemas"]["HopDto"][];
            /** @description As walked in the kernel at the last heartbeat */
            observed?: {
                [key: string]: unknown;
            }[];
        };
        WorkloadDto: {
            vnf: string;
            /** Format: uuid */
            host: string;
            hostName: string;
            /** @enum {string} */
            runtime: "container" | "process";
            addresses: string[];
            /** @enum {string} */
            state: "running" | "exited" | "absent" | "unknown";
            /** @enum {string} */
            health: "healthy" | "unhealthy" | "starting" | "none";
            handle?: string;
            exitCode?: number;
            /** @description How often it exited and was started again lately */
            restarts?: number;
            /**
             * Format: date-time
             * @description When it is started again
             */
            nextTryAt?: string;
        };
        ServiceInstanceTree: {
            /** Format: uuid */
            id: string;
            name: string;
            description: string;
            /** @enum {string} */
            nsState: "NOT_INSTANTIATED" | "INSTANTIATED";
            /** Format: uuid */
            nsdId: string;
            /**
             * Format: uuid
             * @description Operation it is in, if any
             */
            operation?: string;
            inputs: {
                [key: string]: unknown;
            };
            /** @description The compiled service graph */
            graph?: {
                [key: string]: unknown;
            };
            placements: components["schemas"]["PlacementDto"][];
            chains: components["schemas"]["ChainDto"][];
            workloads: components["schemas"]["WorkloadDto"][];
        };
        TraceRequest: {
            /** @description Name of a port of the descriptor, or the device of an uplink */
            port: string;
            /**
             * @description Seen from the owner of the port; default inbound
             * @enum {string}
             */
            direction?: "inbound" | "outbound";
            /** @description PROTOCOL SOURCE > DESTINATION [FLAGS], e.g. tcp 192.0.2.7:40000 > web_port:23 [syn]; an end is an address or the name of a port */
            packet: string;
            /** @description Ethernet address that it is sent to; default that of the next one on its way, where it is known */
            destinationMac?: string;
        };
        TraceCounterDto: {
            map: string;
            /** @description In the words of the author of the descriptor, or of the plugin */
            name: string;
            packets: number;
        };
        TraceHopDto: {
            /** @description Name of the port; of another service, its device */
            port: string;
            device: string;
            /** @enum {string} */
            hook: "xdp" | "xdp/egress" | "tcx/ingress" | "tcx/egress";
            /** @description Key of the plugin instance */
            key: string;
            underservice: string;
            /** @description name@version */
            plugin: string;
            /** @enum {string} */
            verdict: "pass" | "drop" | "aborted" | "redirect" | "transmit";
            /** @description Rules and counters that the packet met */
            counters: components["schemas"]["TraceCounterDto"][];
            /** @description Whether it altered the packet */
            altered: boolean;
            /** @description The packet as it left the hop, in words */
            packet: string;
            /** @description The same in hex, from its Ethernet header on */
            frame: string;
        };
        TraceDto: {
            /** Format: uuid */
            host: string;
            port: string;
            device: string;
            /** @enum {string} */
            direction: "inbound" | "outbound";
            /** @enum {string} */
            hook: "xdp" | "xdp/egress" | "tcx/ingress" | "tcx/egress";
            /** @description The packet as the chain met it, in words */
            packet: string;
            /** @description The same in hex */
            frame: string;
            /**
             * @description Of the whole chain
             * @enum {string}
             */
            verdict: "pass" | "drop" | "aborted" | "redirect" | "transmit";
            /** @description In the order in which the packet met them */
            hops: components["schemas"]["TraceHopDto"][];
        };
        CanaryRequest: {
            hosts?: string[];
            /** @description Of the hosts concerned, in the order of their names, rounded up */
            percent?: number;
        };
        BandRequest: {
            windowSeconds?: number;
            tolerance?: number;
            errorTolerance?: number;
            minPackets?: number;
        };
        UpgradeRequest: {
            /** @description Service instances; without it, all that have another version */
            services?: string[];
            canary?: components["schemas"]["CanaryRequest"];
            band?: components["schemas"]["BandRequest"];
            /** @description Says what would change; nothing is kept, no host is asked */
            dryRun?: boolean;
        };
        ServiceUpgrade: {
            /** Format: uuid */
            nsInstanceId: string;
            nsInstanceName: string;
            /**
             * Format: uuid
             * @description None where it was a dry run
             */
            operation?: string;
            /** @description What it does on each host, with changes to the plan in force */
            hosts: {
                [key: string]: unknown;
            }[];
        };
        PluginUpgrade: {
            /** @description name@version */
            plugin: string;
            /** @description Names of the hosts that get it first */
            canary: string[];
            /** @description Empty: none has another version */
            services: components["schemas"]["ServiceUpgrade"][];
            /** @description Names of hosts by id */
            hostNames: {
                [key: string]: string;
            };
        };
        ApiVersion: {
            version: string;
        };
        ApiVersionInformation: {
            uriPrefix: string;
            apiVersions: components["schemas"]["ApiVersion"][];
        };
        VerdictCountersDto: {
            packets: number;
            bytes: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
