// Generated from libs/descriptor/profiles by libs/tosca/generate.mjs: do not edit.
export const TEXTS: Readonly<Record<string, string>> = {
  'underware.yaml': `tosca_definitions_version: tosca_2_0

profile: underware

description: >-
  What a service of Underware is made of: VNFs, the ports and links between them, the underservices beneath them in the
  kernels of their hosts, and the policies that say where all of it may be and what must hold before it starts.

metadata:
  template_name: underware
  template_version: 1.0.0

data_types:

  underware.datatypes.Endpoint:
    derived_from: string
    description: A text in which the name of a port of the descriptor stands for the addresses of that port.

  underware.datatypes.Name:
    derived_from: string
    description: A letter, then at most 62 letters, digits, - or _.
    validation: { $matches: [$value, '[A-Za-z][A-Za-z0-9_-]{0,62}'] }

  underware.datatypes.Address:
    derived_from: string
    description: An IPv4 or IPv6 address, with or without the length of its network, e.g. 10.60.0.2 or fd60::2/64.
    validation: { $matches: [$value, '[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?'] }

  underware.datatypes.Prefix:
    derived_from: string
    description: An IPv4 or IPv6 network, e.g. 10.60.0.0/24 or fd60::/64.
    validation: { $matches: [$value, '[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?'] }

  underware.datatypes.MacAddress:
    derived_from: string
    description: An Ethernet address, e.g. 02:00:5e:00:53:01.
    validation: { $matches: [$value, '[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}'] }

  underware.datatypes.Vni:
    derived_from: integer
    description: The number of a VXLAN segment.
    validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 16777215] }] }

  underware.datatypes.PortNumber:
    derived_from: integer
    description: A transport port that something listens on.
    validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 65535] }] }

  underware.datatypes.Ports:
    derived_from: string
    description: A transport port or a range of them, e.g. 8080 or "8000-8100".
    validation: { $matches: [$value, '[0-9]{1,5}( *- *[0-9]{1,5})?'] }

  underware.datatypes.Size:
    derived_from: scalar
    description: An amount of memory, e.g. 64 MB or 1 GiB.
    data_type: float
    units:
      B: 1
      kB: 1000
      KiB: 1024
      MB: 1000000
      MiB: 1048576
      GB: 1000000000
      GiB: 1073741824
      TB: 1000000000000
      TiB: 1099511627776
    canonical_unit: B

  underware.datatypes.Duration:
    derived_from: scalar
    description: A time, e.g. 500 ms or 2 s.
    data_type: float
    units: { d: 86400, h: 3600, m: 60, s: 1, ms: 0.001, us: 0.000001, ns: 0.000000001 }
    canonical_unit: s

  underware.datatypes.Bitrate:
    derived_from: scalar
    description: A rate of bits, e.g. 100 Mbps.
    data_type: float
    units: { bps: 1, Kbps: 1000, Mbps: 1000000, Gbps: 1000000000, Tbps: 1000000000000 }
    canonical_unit: bps

  underware.datatypes.HealthCheck:
    description: How to tell that a VNF serves.
    properties:
      kind:
        type: string
        description: tcp connects, http gets a page, command runs a program
        validation: { $valid_values: [$value, [tcp, http, command]] }
      port:
        type: underware.datatypes.PortNumber
        description: 'tcp, http: the port'
        required: false
      path:
        type: string
        description: 'http: the path; 2xx and 3xx are healthy'
        required: false
        validation: { $matches: [$value, '/[^\\s]*'] }
      command:
        type: list
        description: 'command: program and arguments'
        required: false
        entry_schema: { type: string, description: a word }
        validation: { $greater_or_equal: [{ $length: [$value] }, 1] }
      interval:
        type: underware.datatypes.Duration
        description: time between checks
        default: 5 s
        validation: { $and: [{ $greater_or_equal: [$value, 100 ms] }, { $less_or_equal: [$value, 86400 s] }] }
      timeout:
        type: underware.datatypes.Duration
        description: how long one check may take
        default: 2 s
        validation: { $and: [{ $greater_or_equal: [$value, 100 ms] }, { $less_or_equal: [$value, 3600 s] }] }
      retries:
        type: integer
        description: failures in a row before it counts as unhealthy
        default: 3
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1000] }] }

  underware.datatypes.Hugepages:
    description: Pages that are set aside for a VNF.
    properties:
      page_size:
        type: underware.datatypes.Size
        description: size of a page
        default: 2 MiB
        validation: { $valid_values: [$value, [2 MiB, 1 GiB]] }
      count:
        type: integer
        description: how many of them
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1048576] }] }

  underware.datatypes.FirewallGroup:
    description: Endpoints that rules name together.
    properties:
      name:
        type: underware.datatypes.Name
        description: what rules call it
      members:
        type: list
        description: prefixes, names of ports of the descriptor and of other groups
        entry_schema: { type: underware.datatypes.Endpoint, description: a member }
        validation: { $less_or_equal: [{ $length: [$value] }, 65536] }

  underware.datatypes.FirewallRule:
    description: One rule; the first that matches decides.
    properties:
      name:
        type: underware.datatypes.Name
        description: shown beside its counters
      from:
        type: underware.datatypes.Endpoint
        description: a prefix, the name of a port of the descriptor or of a group, or any
        default: any
      to:
        type: underware.datatypes.Endpoint
        description: a prefix, the name of a port of the descriptor or of a group, or any
        default: any
      protocol:
        type: string
        description: icmp is ICMPv6 over IPv6
        default: any
        validation: { $valid_values: [$value, [any, tcp, udp, icmp]] }
      ports:
        type: underware.datatypes.Ports
        description: destination ports, tcp and udp alone
        required: false
      source_ports:
        type: underware.datatypes.Ports
        description: source ports, tcp and udp alone
        required: false
      action:
        type: string
        description: what happens to a packet that matches
        validation: { $valid_values: [$value, [allow, deny]] }
      log:
        type: integer
        description: report the first packet that it decides and then every so many, as an event; 0 reports none
        default: 0
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 1000000] }] }

  underware.datatypes.Route:
    description: Where a router sends what goes to a network.
    properties:
      prefix:
        type: underware.datatypes.Prefix
        description: the network; the longest that matches decides
      next_hops:
        type: list
        description: addresses or names of ports; several share the flows; none discards
        default: []
        entry_schema: { type: underware.datatypes.Endpoint, description: an address or the name of a port }

  underware.datatypes.VirtualService:
    description: What a load balancer answers for.
    properties:
      name:
        type: underware.datatypes.Name
        description: shown beside its counters
      protocol:
        type: string
        description: the transport
        validation: { $valid_values: [$value, [tcp, udp]] }
      port:
        type: underware.datatypes.PortNumber
        description: of the virtual address
      target_port:
        type: underware.datatypes.PortNumber
        description: of the backends; without it, the same
        required: false

  underware.datatypes.BackendCheck:
    description: How the agents of clients tell that a backend serves; each asks by itself.
    properties:
      protocol:
        type: string
        description: tcp connects, http gets a page
        validation: { $valid_values: [$value, [tcp, http]] }
      port:
        type: underware.datatypes.PortNumber
        description: of the backends; without it, where the first service by TCP is served
        required: false
      path:
        type: string
        description: 'http: what is asked for; without it, /'
        required: false
        validation: { $matches: [$value, '/[^\\s]*'] }
      status:
        type: list
        description: 'http: answers of a backend that serves; without it, 2xx and 3xx'
        required: false
        entry_schema:
          type: integer
          description: a status
          validation: { $and: [{ $greater_or_equal: [$value, 100] }, { $less_or_equal: [$value, 599] }] }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 64] }] }
      interval:
        type: underware.datatypes.Duration
        description: time between checks of a backend
        default: 5 s
        validation: { $and: [{ $greater_or_equal: [$value, 500 ms] }, { $less_or_equal: [$value, 3600 s] }] }
      timeout:
        type: underware.datatypes.Duration
        description: how long one check may take
        default: 2 s
        validation: { $and: [{ $greater_or_equal: [$value, 100 ms] }, { $less_or_equal: [$value, 60 s] }] }
      rise:
        type: integer
        description: checks in a row that succeed before one that was down serves
        default: 2
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 100] }] }
      fall:
        type: integer
        description: checks in a row that fail before one that served is down
        default: 3
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 100] }] }

  underware.datatypes.MapEntry:
    description: An entry that a program finds in one of its maps when it is loaded.
    properties:
      map:
        type: string
        description: the map, as the program's source names it
        validation: { $matches: [$value, '[A-Za-z_][A-Za-z0-9_]{0,63}'] }
      key:
        type: string
        description: as JSON, fields by their names
      value:
        type: string
        description: as JSON, fields by their names

  underware.datatypes.NatRule:
    description: One translation; the first that matches decides.
    properties:
      name:
        type: underware.datatypes.Name
        description: shown beside its counters
      kind:
        type: string
        description: whether the source or the destination is translated
        validation: { $valid_values: [$value, [source, destination]] }
      from:
        type: underware.datatypes.Endpoint
        description: a prefix, the name of a port of the descriptor, or any
        default: any
      to:
        type: underware.datatypes.Endpoint
        description: a prefix, the name of a port of the descriptor, or any
        default: any
      protocol:
        type: string
        description: icmp is ICMPv6 over IPv6
        default: any
        validation: { $valid_values: [$value, [any, tcp, udp, icmp]] }
      ports:
        type: underware.datatypes.Ports
        description: destination ports, tcp and udp alone
        required: false
      translate_to:
        type: underware.datatypes.Prefix
        description: the addresses that take the place of the others
      translate_ports:
        type: underware.datatypes.Ports
        description: the ports that take the place of the others
        required: false

  underware.datatypes.DnsRecord:
    description: One record of a zone.
    properties:
      name:
        type: string
        description: below the zone; @ is the zone itself
        validation: { $matches: [$value, '@|[A-Za-z0-9_*]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?'] }
      type:
        type: string
        description: what the data is
        validation: { $valid_values: [$value, [A, AAAA, CNAME, MX, TXT, SRV, NS, PTR]] }
      data:
        type: underware.datatypes.Endpoint
        description: as in a zone file; A and AAAA may name a port of the descriptor
      ttl:
        type: underware.datatypes.Duration
        description: how long it may be kept; without it, that of the server
        required: false

  underware.datatypes.DhcpReservation:
    description: An address that one client always gets.
    properties:
      mac:
        type: underware.datatypes.MacAddress
        description: of the client
      address:
        type: underware.datatypes.Address
        description: in a subnet of the link

  underware.datatypes.Classifier:
    description: Which packets a forwarding path takes; what is not given takes all.
    properties:
      protocol:
        type: string
        description: the transport
        required: false
        validation: { $valid_values: [$value, [tcp, udp, icmp]] }
      source:
        type: underware.datatypes.Prefix
        description: where they come from
        required: false
      destination:
        type: underware.datatypes.Prefix
        description: where they go to
        required: false
      source_ports:
        type: underware.datatypes.Ports
        description: tcp and udp alone
        required: false
      destination_ports:
        type: underware.datatypes.Ports
        description: tcp and udp alone
        required: false

  underware.datatypes.Packet:
    description: A packet in words.
    properties:
      protocol:
        type: string
        description: icmp is ICMPv6 over IPv6
        validation: { $valid_values: [$value, [tcp, udp, icmp]] }
      source:
        type: underware.datatypes.Endpoint
        description: 'an address or the name of a port; outbound: the target itself where left out'
        required: false
      destination:
        type: underware.datatypes.Endpoint
        description: 'an address or the name of a port; inbound: the target itself where left out'
        required: false
      source_port:
        type: integer
        description: tcp, udp
        required: false
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 65535] }] }
      destination_port:
        type: integer
        description: tcp, udp
        required: false
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 65535] }] }
      tcp_flags:
        type: list
        description: tcp; syn where left out
        required: false
        entry_schema:
          type: string
          description: a flag
          validation: { $valid_values: [$value, [syn, ack, fin, rst, psh]] }
      payload:
        type: integer
        description: bytes after the transport header
        required: false
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 1400] }] }

capability_types:

  underware.capabilities.Bindable:
    description: A VNF that ports belong to.

  underware.capabilities.Ready:
    description: A VNF that others wait for until it is healthy.

  underware.capabilities.Linkable:
    description: A link that ports are on.

  underware.capabilities.Attachable:
    description: A port with a chain in each direction, which underservices are part of.

  underware.capabilities.Accessible:
    description: A link or a port that the outside may meet the service at.

relationship_types:

  underware.relationships.BindsTo:
    description: A port belongs to a VNF.
    valid_capability_types: [underware.capabilities.Bindable]

  underware.relationships.DependsOn:
    description: A VNF starts when the other is healthy.
    valid_capability_types: [underware.capabilities.Ready]

  underware.relationships.LinksTo:
    description: A port is on a link.
    valid_capability_types: [underware.capabilities.Linkable]

  underware.relationships.AttachesTo:
    description: An underservice sees the packets of a port.
    valid_capability_types: [underware.capabilities.Attachable]
    properties:
      directions:
        type: list
        description: which packets it sees at this port; without it, those of the node
        required: false
        entry_schema:
          type: string
          description: a direction
          validation: { $valid_values: [$value, [inbound, outbound]] }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 2] }] }

  underware.relationships.Exposes:
    description: A service access point stands for a link or a port.
    valid_capability_types: [underware.capabilities.Accessible]

  underware.relationships.BalancesTo:
    description: A load balancer sends connections to a port.
    valid_capability_types: [underware.capabilities.Attachable]
    properties:
      weight:
        type: integer
        description: its share, relative to the others; 0 drains it
        default: 1
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 65535] }] }

node_types:

  underware.nodes.Vnf:
    description: A workload; where it has a choice of runtimes, the planner takes the first that the host offers.
    properties:
      runtimes:
        type: list
        description: in order of preference
        default: [container, process]
        entry_schema:
          type: string
          description: a runtime
          validation: { $valid_values: [$value, [container, process, virtual-machine]] }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 3] }] }
      image:
        type: string
        description: name of a container image, or of a disk image
        required: false
        validation: { $matches: [$value, '[A-Za-z0-9][A-Za-z0-9._/:@-]*'] }
      command:
        type: list
        description: program and arguments, run without a shell
        entry_schema:
          type: string
          description: a word
          validation: { $less_or_equal: [{ $length: [$value] }, 4096] }
        validation: { $less_or_equal: [{ $length: [$value] }, 256] }
      environment:
        type: map
        description: variables of its environment
        default: {}
        entry_schema:
          type: string
          description: a value
          validation: { $less_or_equal: [{ $length: [$value] }, 32768] }
      cpus:
        type: float
        description: cores, in thousandths
        default: 0.5
        validation: { $and: [{ $greater_or_equal: [$value, 0.001] }, { $less_or_equal: [$value, 4096] }] }
      memory:
        type: underware.datatypes.Size
        description: the most memory it may use
        default: 128 MB
        validation: { $and: [{ $greater_or_equal: [$value, 1 MB] }, { $less_or_equal: [$value, 1024 TiB] }] }
      hugepages:
        type: list
        description: pages set aside for it, beside its memory
        default: []
        entry_schema: { type: underware.datatypes.Hugepages, description: pages of one size }
      devices:
        type: map
        description: how many devices it needs for itself, by class
        default: {}
        entry_schema:
          type: integer
          description: how many
          validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1024] }] }
      health_check:
        type: underware.datatypes.HealthCheck
        description: how to tell that it serves
        required: false
      host_labels:
        type: map
        description: labels that its host must have
        default: {}
        entry_schema:
          type: string
          description: a value
          validation: { $matches: [$value, '[A-Za-z0-9._/-]*'] }
    capabilities:
      binding: underware.capabilities.Bindable
      ready: underware.capabilities.Ready
    requirements:
      - dependency:
          description: a VNF that must be healthy before this one starts
          capability: underware.capabilities.Ready
          relationship: underware.relationships.DependsOn
          count_range: [0, UNBOUNDED]

  underware.nodes.Container:
    derived_from: underware.nodes.Vnf
    description: A VNF that runs as a container.
    properties:
      runtimes:
        type: list
        description: a container is what it is
        default: [container]
        entry_schema:
          type: string
          description: a runtime
          validation: { $valid_values: [$value, [container]] }
      image:
        type: string
        description: name of a container image
        validation: { $matches: [$value, '[A-Za-z0-9][A-Za-z0-9._/:@-]*'] }

  underware.nodes.Process:
    derived_from: underware.nodes.Vnf
    description: A VNF that runs as a process of its host.
    properties:
      runtimes:
        type: list
        description: a process is what it is
        default: [process]
        entry_schema:
          type: string
          description: a runtime
          validation: { $valid_values: [$value, [process]] }

  underware.nodes.VirtualMachine:
    derived_from: underware.nodes.Vnf
    description: A VNF that runs as a virtual machine.
    properties:
      runtimes:
        type: list
        description: a virtual machine is what it is
        default: [virtual-machine]
        entry_schema:
          type: string
          description: a runtime
          validation: { $valid_values: [$value, [virtual-machine]] }
      image:
        type: string
        description: name of a disk image
        validation: { $matches: [$value, '[A-Za-z0-9][A-Za-z0-9._/:@-]*'] }
      command:
        type: list
        description: what its first process gets as arguments of the kernel
        default: []
        entry_schema:
          type: string
          description: a word
          validation: { $less_or_equal: [{ $length: [$value] }, 4096] }

  underware.nodes.Port:
    description: A connection point of a VNF on a link.
    properties:
      addresses:
        type: list
        description: in the subnets of its link; where empty, the planner assigns one of each
        default: []
        entry_schema: { type: underware.datatypes.Address, description: an address }
        validation: { $less_or_equal: [{ $length: [$value] }, 16] }
    capabilities:
      attachment: underware.capabilities.Attachable
      access: underware.capabilities.Accessible
    requirements:
      - binding:
          description: the VNF that it belongs to
          capability: underware.capabilities.Bindable
          relationship: underware.relationships.BindsTo
          count_range: [1, 1]
      - link:
          description: the link that it is on
          capability: underware.capabilities.Linkable
          relationship: underware.relationships.LinksTo
          count_range: [1, 1]

  underware.nodes.Link:
    description: A network between ports, routed between hosts.
    properties:
      subnets:
        type: list
        description: its IPv4 and IPv6 prefixes
        entry_schema: { type: underware.datatypes.Prefix, description: a prefix }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 16] }] }
      mtu:
        type: integer
        description: largest packet in bytes; IPv6 needs 1280
        default: 1500
        validation: { $and: [{ $greater_or_equal: [$value, 576] }, { $less_or_equal: [$value, 9216] }] }
      bandwidth:
        type: underware.datatypes.Bitrate
        description: what each of its ports may send to other hosts, reserved on the uplinks of its host
        required: false
      latency:
        type: underware.datatypes.Duration
        description: the most that a packet may take one way between the hosts of two of its ports
        required: false
    capabilities:
      link: underware.capabilities.Linkable
      access: underware.capabilities.Accessible

  underware.nodes.Service:
    description: >-
      A service inside of another. Derive from it, and write a template whose substitution_mappings say how it stands for
      a node of the derived type.

  underware.nodes.ServiceAccessPoint:
    description: Where the outside meets the service, under a name of its own.
    requirements:
      - exposes:
          description: the link or the port that it stands for
          capability: underware.capabilities.Accessible
          relationship: underware.relationships.Exposes
          count_range: [1, 1]

  underware.nodes.Underservice:
    description: A service in the kernels of the hosts, on the chains of the ports that it is attached to.
    properties:
      directions:
        type: list
        description: 'which packets it sees: inbound goes to the VNF, outbound comes from it'
        default: [inbound, outbound]
        entry_schema:
          type: string
          description: a direction
          validation: { $valid_values: [$value, [inbound, outbound]] }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 2] }] }
      residency:
        type: string
        description: whether it stays in the kernel without its service
        default: auto
        validation: { $valid_values: [$value, [auto, dynamic, persistent]] }
    requirements:
      - port:
          description: a port whose packets it sees
          capability: underware.capabilities.Attachable
          relationship: underware.relationships.AttachesTo
          count_range: [1, UNBOUNDED]

  underware.nodes.Firewall:
    derived_from: underware.nodes.Underservice
    description: Passes connections or refuses them by rules; the first that matches decides.
    properties:
      default:
        type: string
        description: what happens to a connection that no rule matches
        default: deny
        validation: { $valid_values: [$value, [allow, deny]] }
      groups:
        type: list
        description: endpoints under one name, for rules
        default: []
        entry_schema: { type: underware.datatypes.FirewallGroup, description: a group }
        validation: { $less_or_equal: [{ $length: [$value] }, 4096] }
      rules:
        type: list
        description: rules, first match first
        default: []
        entry_schema: { type: underware.datatypes.FirewallRule, description: a rule }
        validation: { $less_or_equal: [{ $length: [$value] }, 65536] }
      connections:
        type: integer
        description: how many open connections a host keeps; beyond, the one idle for longest is forgotten
        default: 32768
        validation: { $and: [{ $greater_or_equal: [$value, 1024] }, { $less_or_equal: [$value, 4194304] }] }
      tcp_timeout:
        type: underware.datatypes.Duration
        description: how long an open TCP connection is kept without a packet
        default: 7440 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 432000 s] }] }
      udp_timeout:
        type: underware.datatypes.Duration
        description: how long a UDP or ICMP flow that was answered is kept without a packet
        default: 120 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }
      strict:
        type: boolean
        description: 'only a SYN opens a TCP connection; false: one may be picked up in its midst, as rules say'
        default: false

  underware.nodes.Probe:
    derived_from: underware.nodes.Underservice
    description: Packets, bytes, flows and round trips of ports; captures on demand.
    properties:
      events:
        type: boolean
        description: 'report the first packet of every flow as an event; false: count only'
        default: true
      flows:
        type: integer
        description: flows remembered on each port and direction; the least recently used one makes room
        default: 16384
        validation: { $and: [{ $greater_or_equal: [$value, 64] }, { $less_or_equal: [$value, 1048576] }] }
      round_trips:
        type: boolean
        description: time TCP handshakes
        default: true
      capture:
        type: boolean
        description: let an operator capture packets
        default: false
      collector:
        type: underware.datatypes.Address
        description: where flows are exported to by IPFIX over UDP; without it, nowhere
        required: false
      collector_port:
        type: underware.datatypes.PortNumber
        description: UDP port of the collector
        default: 4739
      active_timeout:
        type: underware.datatypes.Duration
        description: after this time a flow that goes on is exported
        default: 60 s
        validation: { $and: [{ $greater_or_equal: [$value, 5 s] }, { $less_or_equal: [$value, 86400 s] }] }
      idle_timeout:
        type: underware.datatypes.Duration
        description: after this time without a packet a flow is exported as ended
        default: 15 s
        validation: { $and: [{ $greater_or_equal: [$value, 5 s] }, { $less_or_equal: [$value, 86400 s] }] }

  underware.nodes.Switch:
    derived_from: underware.nodes.Underservice
    description: One Ethernet segment over any number of hosts, without flooding for what is known.
    properties:
      vni:
        type: underware.datatypes.Vni
        description: number of the segment; without it, the planner assigns one
        required: false
      replication:
        type: boolean
        description: carry broadcast and multicast, beside the questions for neighbours that the switch answers itself
        default: false
      replication_limit:
        type: integer
        description: frames to many that one port may send in a second; more are dropped
        default: 1000
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1000000] }] }
      endpoints:
        type: list
        description: VXLAN endpoints of the segment that are none of the hosts, by IPv4 address
        default: []
        entry_schema: { type: underware.datatypes.Address, description: an address }
        validation: { $less_or_equal: [{ $length: [$value] }, 1024] }
      learning:
        type: boolean
        description: learn the stations of endpoints from what comes from there
        default: false
      learned_limit:
        type: integer
        description: stations that are learned at most on each host; the one that was silent the longest makes room
        default: 1024
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 65536] }] }
      ageing:
        type: underware.datatypes.Duration
        description: how long something learnt is kept without traffic
        default: 300 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }
      isolated:
        type: boolean
        description: ports reach the router and uplinks but not one another
        default: false
      anti_spoofing:
        type: boolean
        description: drop what a port sends under an address that is not its own (MAC, IP, ARP, ND)
        default: true

  underware.nodes.Router:
    derived_from: underware.nodes.Underservice
    description: The gateway of its ports, on every host under the same address.
    properties:
      addresses:
        type: list
        description: of the gateway, one in each subnet that it serves
        entry_schema: { type: underware.datatypes.Address, description: an address }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 64] }] }
      routes:
        type: list
        description: beside the subnets of its links
        default: []
        entry_schema: { type: underware.datatypes.Route, description: a route }
        validation: { $less_or_equal: [{ $length: [$value] }, 100000] }
      uplink:
        type: boolean
        description: what none of its routes takes goes the way of the host that it is on, and comes back by it
        default: false
      icmp_errors_per_second:
        type: integer
        description: how many errors a host sends at most; 0 sends none
        default: 100
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 100000] }] }

  underware.nodes.LoadBalancer:
    derived_from: underware.nodes.Underservice
    description: Spreads connections to one virtual address over the ports of its backends.
    properties:
      addresses:
        type: list
        description: of the virtual service, at most one of each family
        entry_schema: { type: underware.datatypes.Address, description: an address }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 2] }] }
      services:
        type: list
        description: what it answers for
        entry_schema: { type: underware.datatypes.VirtualService, description: a service }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 256] }] }
      mode:
        type: string
        description: nat rewrites both ways; direct lets backends answer by themselves
        default: nat
        validation: { $valid_values: [$value, [nat, direct]] }
      affinity:
        type: string
        description: what stays with one backend, a connection or all of a source
        default: connection
        validation: { $valid_values: [$value, [connection, source]] }
      drain:
        type: underware.datatypes.Duration
        description: how long a backend that leaves keeps its connections
        default: 30 s
        validation: { $and: [{ $greater_or_equal: [$value, 0 s] }, { $less_or_equal: [$value, 86400 s] }] }
      affinity_timeout:
        type: underware.datatypes.Duration
        description: 'affinity: source: how long a source that is silent is kept by its backend'
        default: 10800 s
        validation: { $and: [{ $greater_or_equal: [$value, 1 s] }, { $less_or_equal: [$value, 604800 s] }] }
      connections:
        type: integer
        description: how many connections a host keeps; beyond, the one idle for longest is forgotten
        default: 65536
        validation: { $and: [{ $greater_or_equal: [$value, 1024] }, { $less_or_equal: [$value, 4194304] }] }
      tcp_timeout:
        type: underware.datatypes.Duration
        description: how long an idle connection is kept
        default: 7440 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }
      udp_timeout:
        type: underware.datatypes.Duration
        description: how long an idle flow is kept
        default: 120 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }
      health_check:
        type: underware.datatypes.BackendCheck
        description: how agents tell that a backend serves; without it, all count as healthy
        required: false
    requirements:
      - backend:
          description: a port that connections go to
          capability: underware.capabilities.Attachable
          relationship: underware.relationships.BalancesTo
          count_range: [1, UNBOUNDED]

  underware.nodes.Nat:
    derived_from: underware.nodes.Underservice
    description: Translates addresses and ports, with the way back.
    properties:
      rules:
        type: list
        description: rules, first match first
        entry_schema: { type: underware.datatypes.NatRule, description: a rule }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 4096] }] }
      tcp_timeout:
        type: underware.datatypes.Duration
        description: how long an idle connection is kept
        default: 7440 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }
      udp_timeout:
        type: underware.datatypes.Duration
        description: how long an idle flow is kept
        default: 300 s
        validation: { $and: [{ $greater_or_equal: [$value, 10 s] }, { $less_or_equal: [$value, 86400 s] }] }

  underware.nodes.Dns:
    derived_from: underware.nodes.Underservice
    description: Answers queries of its ports from a zone; other names go to forwarders.
    properties:
      zone:
        type: string
        description: the domain that it is the authority for
        validation: { $matches: [$value, '([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?[.]?){1,32}'] }
      records:
        type: list
        description: beside the names of ports, which are in the zone by themselves
        default: []
        entry_schema: { type: underware.datatypes.DnsRecord, description: a record }
        validation: { $less_or_equal: [{ $length: [$value] }, 100000] }
      ttl:
        type: underware.datatypes.Duration
        description: how long an answer may be kept
        default: 60 s
        validation: { $and: [{ $greater_or_equal: [$value, 0 s] }, { $less_or_equal: [$value, 86400 s] }] }
      forwarders:
        type: list
        description: servers for all other names; without any, these are refused
        default: []
        entry_schema: { type: underware.datatypes.Address, description: a server }

  underware.nodes.Dhcp:
    derived_from: underware.nodes.Underservice
    description: Gives the VNFs of its ports their addresses, by DHCPv4, DHCPv6 and router advertisements.
    properties:
      lease:
        type: underware.datatypes.Duration
        description: how long an address is given for
        default: 3600 s
        validation: { $and: [{ $greater_or_equal: [$value, 60 s] }, { $less_or_equal: [$value, 2592000 s] }] }
      gateways:
        type: list
        description: routers that clients are told; without any, none
        default: []
        entry_schema: { type: underware.datatypes.Address, description: a router }
      dns_servers:
        type: list
        description: name servers that clients are told
        default: []
        entry_schema: { type: underware.datatypes.Address, description: a server }
      domain:
        type: string
        description: search domain that clients are told
        required: false
      ntp_servers:
        type: list
        description: time servers that clients are told
        default: []
        entry_schema: { type: underware.datatypes.Address, description: a server }
      reservations:
        type: list
        description: beside the addresses of ports
        default: []
        entry_schema: { type: underware.datatypes.DhcpReservation, description: a reservation }

  underware.nodes.Signaling:
    derived_from: underware.nodes.Underservice
    description: Lets only well-formed signaling of known peers through, at a bounded rate.
    properties:
      protocol:
        type: string
        description: what is spoken
        validation: { $valid_values: [$value, [sip, diameter, gtp-c, sctp]] }
      peers:
        type: list
        description: networks that may speak to the port; without any, all
        default: []
        entry_schema: { type: underware.datatypes.Prefix, description: a network }
      messages_per_second:
        type: integer
        description: of one peer; what is beyond is dropped
        default: 100
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1000000] }] }
      burst:
        type: integer
        description: messages that may come at once
        default: 200
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1000000] }] }

  underware.nodes.Policer:
    derived_from: underware.nodes.Underservice
    description: Bounds a rate of traffic.
    properties:
      rate:
        type: underware.datatypes.Bitrate
        description: what may pass
        validation: { $and: [{ $greater_or_equal: [$value, 1 Kbps] }, { $less_or_equal: [$value, 1 Tbps] }] }
      burst:
        type: underware.datatypes.Size
        description: what may pass at once
        default: 64 KiB
        validation: { $and: [{ $greater_or_equal: [$value, 1500 B] }, { $less_or_equal: [$value, 1 GiB] }] }
      per:
        type: string
        description: what has the rate for itself
        default: port
        validation: { $valid_values: [$value, [port, source, flow]] }
      exceed:
        type: string
        description: what happens to a packet beyond the rate
        default: drop
        validation: { $valid_values: [$value, [drop, mark]] }
      mark:
        type: integer
        description: 'exceed: mark: the DSCP value that such a packet gets'
        default: 8
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 63] }] }

  underware.nodes.SynGuard:
    derived_from: underware.nodes.Underservice
    description: Answers SYN floods with cookies, so that only clients that exist reach the VNF.
    properties:
      ports:
        type: list
        description: TCP ports that it guards; without any, all
        default: []
        entry_schema: { type: underware.datatypes.Ports, description: a port or a range }
      syns_per_second:
        type: integer
        description: from which rate on it answers by itself; 0 always does
        default: 1000
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 10000000] }] }
      mss:
        type: integer
        description: largest segment that it offers
        default: 1460
        validation: { $and: [{ $greater_or_equal: [$value, 536] }, { $less_or_equal: [$value, 9176] }] }

  underware.nodes.Program:
    derived_from: underware.nodes.Underservice
    description: A program that others wrote, as it is. What it decides is its own; what it cannot do in a chain is said when planning.
    properties:
      plugin:
        type: string
        description: the plugin that it was imported as, with a version or without
        validation: { $matches: [$value, '[a-z][a-z0-9]*(-[a-z0-9]+)*(@[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9a-z.]+)?)?'] }
      variables:
        type: map
        description: its read-only global variables, by name; values as JSON
        default: {}
        entry_schema: { type: string, description: a value as JSON }
      entries:
        type: list
        description: entries of the maps that configure it
        default: []
        entry_schema: { type: underware.datatypes.MapEntry, description: an entry }
      sizes:
        type: map
        description: how many entries its maps have, where the program's own number does not fit
        default: {}
        entry_schema: { type: integer, description: entries }

  underware.nodes.Steering:
    derived_from: underware.nodes.Underservice
    description: Sends the packets of forwarding paths from hop to hop.

group_types:

  underware.groups.Group:
    description: Nodes that policies name together.

policy_types:

  underware.policies.Assertion:
    description: A test packet that the chain of a port must pass or drop before its VNF starts.
    targets: [underware.nodes.Port, underware.nodes.Service]
    properties:
      direction:
        type: string
        description: inbound goes to the VNF, outbound comes from it
        default: inbound
        validation: { $valid_values: [$value, [inbound, outbound]] }
      packet:
        type: underware.datatypes.Packet
        description: the packet
      family:
        type: string
        description: which addresses port names stand for; without it, every family that both ends have
        required: false
        validation: { $valid_values: [$value, [ipv4, ipv6]] }
      expect:
        type: string
        description: the verdict
        validation: { $valid_values: [$value, [pass, drop]] }

  underware.policies.Affinity:
    description: Keeps VNFs together, on one host or in one zone.
    targets: [underware.nodes.Vnf, underware.nodes.Service]
    properties:
      scope:
        type: string
        description: what they share
        default: host
        validation: { $valid_values: [$value, [host, zone]] }

  underware.policies.AntiAffinity:
    description: Keeps VNFs apart, on different hosts or in different zones.
    targets: [underware.nodes.Vnf, underware.nodes.Service]
    properties:
      scope:
        type: string
        description: what they do not share
        default: host
        validation: { $valid_values: [$value, [host, zone]] }

  underware.policies.Placement:
    description: Where VNFs may be.
    targets: [underware.nodes.Vnf, underware.nodes.Service]
    properties:
      zones:
        type: list
        description: in one of these; without any, in all
        default: []
        entry_schema: { type: string, description: a zone }
      host_labels:
        type: map
        description: on hosts that have all of these
        default: {}
        entry_schema:
          type: string
          description: a value
          validation: { $matches: [$value, '[A-Za-z0-9._/-]*'] }

  underware.policies.Residency:
    description: Whether underservices stay in the kernel without their service; it goes before what a node says itself.
    targets: [underware.nodes.Underservice, underware.nodes.Service]
    properties:
      residency:
        type: string
        description: whether it stays
        validation: { $valid_values: [$value, [auto, dynamic, persistent]] }

  underware.policies.Scaling:
    description: How many of a VNF there may be.
    targets: [underware.nodes.Vnf, underware.nodes.Service]
    properties:
      minimum:
        type: integer
        description: never fewer
        default: 1
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 10000] }] }
      initial:
        type: integer
        description: at first
        default: 1
        validation: { $and: [{ $greater_or_equal: [$value, 0] }, { $less_or_equal: [$value, 10000] }] }
      maximum:
        type: integer
        description: never more
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 10000] }] }
      step:
        type: integer
        description: how many are added or taken away at a time
        default: 1
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 1000] }] }

  underware.policies.Healing:
    description: What is done about a VNF that fails its health check or loses its host.
    targets: [underware.nodes.Vnf, underware.nodes.Service]
    properties:
      actions:
        type: list
        description: in order; the next is tried when the one before it has been tried often enough
        default: [restart]
        entry_schema:
          type: string
          description: an action
          validation: { $valid_values: [$value, [restart, replace, move]] }
        validation: { $and: [{ $greater_or_equal: [{ $length: [$value] }, 1] }, { $less_or_equal: [{ $length: [$value] }, 3] }] }
      attempts:
        type: integer
        description: how often each is tried
        default: 3
        validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 100] }] }
      window:
        type: underware.datatypes.Duration
        description: after this long without a failure, attempts are counted anew
        default: 600 s
        validation: { $and: [{ $greater_or_equal: [$value, 1 s] }, { $less_or_equal: [$value, 86400 s] }] }

  underware.policies.ForwardingPath:
    description: >-
      A way through the service (VNFFG). Its targets, ports and underservices, are the hops in the order in which a packet
      meets them.
    targets: [underware.nodes.Port, underware.nodes.Underservice, underware.nodes.Service]
    properties:
      match:
        type: list
        description: packets of which flows go this way; without any, all
        default: []
        entry_schema: { type: underware.datatypes.Classifier, description: flows }
        validation: { $less_or_equal: [{ $length: [$value] }, 64] }
`,
};
