// Generated from libs/tosca/profiles by libs/tosca/generate.mjs: do not edit.
export const TEXTS: Readonly<Record<string, string>> = {
  'nfv/csd03/profile.yaml': `# TOSCA Simple Profile for NFV 1.0, Committee Specification Draft 03: what files of the version
# tosca_simple_profile_for_nfv_1_0_0 use. Obsolete since ETSI GS NFV-SOL 001, but still found.
tosca_definitions_version: tosca_simple_yaml_1_0

imports:
  - ../../simple-1.0/nodes.yaml

capability_types:
  tosca.capabilities.nfv.VirtualLinkable: { derived_from: tosca.capabilities.network.Linkable }
  tosca.capabilities.nfv.VirtualBindable: { derived_from: tosca.capabilities.network.Bindable }
  tosca.capabilities.nfv.HA: { derived_from: tosca.capabilities.Root }
  tosca.capabilities.nfv.HA.ActiveActive: { derived_from: tosca.capabilities.nfv.HA }
  tosca.capabilities.nfv.HA.ActivePassive: { derived_from: tosca.capabilities.nfv.HA }
  tosca.capabilities.nfv.Metric: { derived_from: tosca.capabilities.Root }
  tosca.capabilities.nfv.Forwarder: { derived_from: tosca.capabilities.Root }
  tosca.capabilities.Compute.Container.Architecture:
    derived_from: tosca.capabilities.Container
    properties:
      mem_page_size: { type: string, required: false }
      cpu_allocation: { type: map, entry_schema: { type: string }, required: false }
      numa_node_count: { type: integer, required: false }
      numa_nodes: { type: map, entry_schema: { type: string }, required: false }

relationship_types:
  tosca.relationships.nfv.VirtualLinksTo:
    derived_from: tosca.relationships.network.LinksTo
    valid_target_types: [tosca.capabilities.nfv.VirtualLinkable]

  tosca.relationships.nfv.VirtualBindsTo:
    derived_from: tosca.relationships.network.BindsTo
    valid_target_types: [tosca.capabilities.nfv.VirtualBindable]

  tosca.relationships.nfv.HA:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.nfv.HA]

  # The draft derives it from ConnectsTo, whose target it then contradicts.
  tosca.relationships.nfv.Monitor:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.nfv.Metric]

  tosca.relationships.nfv.ForwardsTo:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.nfv.Forwarder]

node_types:
  tosca.nodes.nfv.VL:
    derived_from: tosca.nodes.network.Network
    properties:
      vendor: { type: string }
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }

  tosca.nodes.nfv.VL.ELine: { derived_from: tosca.nodes.nfv.VL }
  tosca.nodes.nfv.VL.ELAN: { derived_from: tosca.nodes.nfv.VL }
  tosca.nodes.nfv.VL.ETree: { derived_from: tosca.nodes.nfv.VL }

  tosca.nodes.nfv.VNF:
    derived_from: tosca.nodes.Root
    properties:
      id: { type: string }
      vendor: { type: string }
      version: { type: version }
    requirements:
      - virtualLink:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          node: tosca.nodes.nfv.VL

  tosca.nodes.nfv.VDU:
    derived_from: tosca.nodes.Compute
    capabilities:
      high_availability: { type: tosca.capabilities.nfv.HA }
      virtualbinding: { type: tosca.capabilities.nfv.VirtualBindable }
      monitoring_parameter: { type: tosca.capabilities.nfv.Metric }
    requirements:
      - high_availability:
          capability: tosca.capabilities.nfv.HA
          relationship: tosca.relationships.nfv.HA
          node: tosca.nodes.nfv.VDU
          occurrences: [0, 1]

  # A connection point says virtualLink and virtualBinding where its parent, the port, says link and binding.
  tosca.nodes.nfv.CP:
    derived_from: tosca.nodes.network.Port
    properties:
      type: { type: string, required: false }
    attributes:
      address: { type: string }
    capabilities:
      forwarder: { type: tosca.capabilities.nfv.Forwarder }
    requirements:
      - link:
          capability: tosca.capabilities.network.Linkable
          relationship: tosca.relationships.network.LinksTo
          occurrences: [0, 1]
      - binding:
          capability: tosca.capabilities.network.Bindable
          relationship: tosca.relationships.network.BindsTo
          occurrences: [0, 1]
      - virtualLink:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          node: tosca.nodes.nfv.VL
      - virtualBinding:
          capability: tosca.capabilities.nfv.VirtualBindable
          relationship: tosca.relationships.nfv.VirtualBindsTo
          node: tosca.nodes.nfv.VDU

  tosca.nodes.nfv.FP:
    derived_from: tosca.nodes.Root
    properties:
      policy: { type: string, required: false }
    requirements:
      - forwarder:
          capability: tosca.capabilities.nfv.Forwarder
          relationship: tosca.relationships.nfv.ForwardsTo
          occurrences: [1, UNBOUNDED]

group_types:
  tosca.groups.nfv.VNFFG:
    derived_from: tosca.groups.Root
    properties:
      vendor: { type: string }
      version: { type: string }
      number_of_endpoints: { type: integer }
      dependent_virtual_link: { type: list, entry_schema: { type: string } }
      connection_point: { type: list, entry_schema: { type: string } }
      constituent_vnfs: { type: list, entry_schema: { type: string } }
`,
  'nfv/csd04/profile.yaml': `# TOSCA Simple Profile for NFV 1.0, Committee Specification Draft 04: what files of the version
# tosca_simple_profile_for_nfv_1_0 use. Obsolete since ETSI GS NFV-SOL 001.
tosca_definitions_version: tosca_simple_yaml_1_2

imports:
  - ../../simple-1.2/nodes.yaml

data_types:
  tosca.datatypes.nfv.L2AddressData: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.L3AddressData:
    derived_from: tosca.datatypes.Root
    properties:
      ip_address_assignment: { type: boolean }
      floating_ip_activated: { type: boolean }
      ip_address_type: { type: string, required: false, constraints: [{ valid_values: [ipv4, ipv6] }] }
      number_of_ip_address: { type: integer, required: false }

  tosca.datatypes.nfv.AddressData:
    derived_from: tosca.datatypes.Root
    properties:
      address_type: { type: string, constraints: [{ valid_values: [mac_address, ip_address] }] }
      l2_address_data: { type: tosca.datatypes.nfv.L2AddressData, required: false }
      l3_address_data: { type: tosca.datatypes.nfv.L3AddressData, required: false }

  tosca.datatypes.nfv.VirtualNetworkInterfaceRequirements:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      description: { type: string, required: false }
      support_mandatory: { type: boolean, required: false }
      requirement: { type: string }

  tosca.datatypes.nfv.ConnectivityType:
    derived_from: tosca.datatypes.Root
    properties:
      layer_protocol:
        type: string
        constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo_wire] }]
      flow_pattern: { type: string, required: false }

  tosca.datatypes.nfv.RequestedAdditionalCapability:
    derived_from: tosca.datatypes.Root
    properties:
      request_additional_capability_name: { type: string }
      support_mandatory: { type: boolean }
      min_requested_additional_capability_version: { type: string, required: false }
      preferred_requested_additional_capability_version: { type: string, required: false }
      target_performance_parameters: { type: map, entry_schema: { type: string } }

  tosca.datatypes.nfv.VirtualMemory:
    derived_from: tosca.datatypes.Root
    properties:
      virtual_mem_size: { type: scalar-unit.size }
      virtual_mem_oversubscription_policy: { type: string, required: false }
      numa_enabled: { type: boolean, required: false }

  tosca.datatypes.nfv.VirtualCpuPinning:
    derived_from: tosca.datatypes.Root
    properties:
      cpu_pinning_policy: { type: string, required: false, constraints: [{ valid_values: [static, dynamic] }] }
      cpu_pinning_map: { type: map, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VirtualCpu:
    derived_from: tosca.datatypes.Root
    properties:
      cpu_architecture: { type: string, required: false }
      num_virtual_cpu: { type: integer }
      virtual_cpu_clock: { type: scalar-unit.frequency, required: false }
      virtual_cpu_oversubscription_policy: { type: string, required: false }
      virtual_cpu_pinning: { type: tosca.datatypes.nfv.VirtualCpuPinning, required: false }

  tosca.datatypes.nfv.VnfcConfigurableProperties:
    derived_from: tosca.datatypes.Root
    properties:
      additional_vnfc_configurable_properties: { type: map, entry_schema: { type: string }, required: false }

artifact_types:
  tosca.artifacts.nfv.SwImage:
    derived_from: tosca.artifacts.Deployment.Image
    properties:
      name: { type: string, required: false }
      version: { type: string, required: false }
      checksum: { type: string, required: false }
      container_format: { type: string, required: false }
      disk_format: { type: string, required: false }
      min_disk: { type: scalar-unit.size, required: false }
      min_ram: { type: scalar-unit.size, required: false }
      size: { type: scalar-unit.size, required: false }
      sw_image: { type: string, required: false }
      operating_system: { type: string, required: false }
      supported_virtualization_environment: { type: list, entry_schema: { type: string }, required: false }

capability_types:
  tosca.capabilities.nfv.VirtualBindable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.VirtualLinkable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.Metric: { derived_from: tosca.capabilities.Endpoint }

  tosca.capabilities.nfv.VirtualCompute:
    derived_from: tosca.capabilities.Root
    properties:
      requested_additional_capabilities:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.RequestedAdditionalCapability }
        required: false
      virtual_memory: { type: tosca.datatypes.nfv.VirtualMemory }
      virtual_cpu: { type: tosca.datatypes.nfv.VirtualCpu }

relationship_types:
  tosca.relationships.nfv.VirtualBindsTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.VirtualBindable]

  tosca.relationships.nfv.VirtualLinksTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.VirtualLinkable]

  tosca.relationships.nfv.Monitor:
    derived_from: tosca.relationships.ConnectsTo
    valid_target_types: [tosca.capabilities.nfv.Metric]

node_types:
  # The draft demands configurable_properties as a map, and gives an example without.
  tosca.nodes.nfv.VDU.Compute:
    derived_from: tosca.nodes.Compute
    properties:
      name: { type: string }
      description: { type: string }
      boot_order: { type: list, entry_schema: { type: string }, required: false }
      nfvi_constraints: { type: list, entry_schema: { type: string }, required: false }
      configurable_properties:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VnfcConfigurableProperties }
        required: false
    capabilities:
      virtual_compute: { type: tosca.capabilities.nfv.VirtualCompute }
      virtual_binding: { type: tosca.capabilities.nfv.VirtualBindable }
      monitoring_parameter: { type: tosca.capabilities.nfv.Metric }

  tosca.nodes.nfv.VDU.VirtualStorage:
    derived_from: tosca.nodes.Root
    properties:
      type_of_storage: { type: string }
      size_of_storage: { type: scalar-unit.size }
      rdma_enabled: { type: boolean, required: false }

  tosca.nodes.nfv.Cpd:
    derived_from: tosca.nodes.Root
    properties:
      layer_protocol:
        type: string
        required: false
        constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo_wire] }]
      role: { type: string, required: false, constraints: [{ valid_values: [root, leaf] }] }
      description: { type: string, required: false }
      address_data: { type: list, entry_schema: { type: tosca.datatypes.nfv.AddressData }, required: false }

  tosca.nodes.nfv.VduCpd:
    derived_from: tosca.nodes.nfv.Cpd
    properties:
      bitrate_requirement: { type: integer, required: false }
      virtual_network_interface_requirements:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualNetworkInterfaceRequirements }
        required: false
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]
      - virtual_binding:
          capability: tosca.capabilities.nfv.VirtualBindable
          relationship: tosca.relationships.nfv.VirtualBindsTo
          node: tosca.nodes.nfv.VDU.Compute

  tosca.nodes.nfv.VnfVirtualLinkDesc:
    derived_from: tosca.nodes.Root
    properties:
      connectivity_type: { type: tosca.datatypes.nfv.ConnectivityType }
      description: { type: string, required: false }
      test_access: { type: string, required: false }
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }
`,
  'nfv/sol001-2/vnf.yaml': `# ETSI GS NFV-SOL 001, release 2 (2.5.1 to 2.8.1): what differs from the other releases.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml
  - ../sol001/common.yaml

node_types:
  tosca.nodes.nfv.VNF:
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      ext_invariant_id: { type: string, required: false }
      descriptor_version: { type: string }
      provider: { type: string }
      product_name: { type: string }
      software_version: { type: string }
      product_info_name: { type: string, required: false }
      product_info_description: { type: string, required: false }
      # The standard has a pattern, etsivnfm:v1.2.3 or a number and a name; VNFMs in use have names of their own.
      vnfm_info: { type: list, entry_schema: { type: string } }
      localization_languages: { type: list, entry_schema: { type: string }, required: false }
      default_localization_language: { type: string, required: false }
      configurable_properties: { type: tosca.datatypes.nfv.VnfConfigurableProperties, required: false }
      modifiable_attributes: { type: tosca.datatypes.nfv.VnfInfoModifiableAttributes, required: false }
      lcm_operations_configuration:
        type: tosca.datatypes.nfv.VnfLcmOperationsConfiguration
        required: false
      monitoring_parameters:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VnfMonitoringParameter }
        required: false
      flavour_id: { type: string }
      flavour_description: { type: string }
      vnf_profile: { type: tosca.datatypes.nfv.VnfProfile, required: false }
    attributes:
      scale_status: { type: map, entry_schema: { type: tosca.datatypes.nfv.ScaleInfo } }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]
    interfaces:
      Vnflcm: { type: tosca.interfaces.nfv.Vnflcm }

  tosca.nodes.nfv.Vdu.Compute:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string }
      boot_order: { type: list, entry_schema: { type: string }, required: false }
      nfvi_constraints: { type: list, entry_schema: { type: string }, required: false }
      monitoring_parameters:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VnfcMonitoringParameter }
        required: false
      configurable_properties: { type: tosca.datatypes.nfv.VnfcConfigurableProperties, required: false }
      vdu_profile: { type: tosca.datatypes.nfv.VduProfile }
      sw_image_data: { type: tosca.datatypes.nfv.SwImageData, required: false }
      boot_data: { type: string, required: false }
    capabilities:
      virtual_compute: { type: tosca.capabilities.nfv.VirtualCompute, occurrences: [1, 1] }
      virtual_binding: { type: tosca.capabilities.nfv.VirtualBindable, occurrences: [1, UNBOUNDED] }
    requirements:
      - virtual_storage:
          capability: tosca.capabilities.nfv.VirtualStorage
          relationship: tosca.relationships.nfv.AttachesTo
          occurrences: [0, UNBOUNDED]

  tosca.nodes.nfv.VnfVirtualLink:
    derived_from: tosca.nodes.Root
    properties:
      connectivity_type: { type: tosca.datatypes.nfv.ConnectivityType }
      description: { type: string, required: false }
      test_access:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [passive_monitoring, active_loopback] }]
        required: false
      vl_profile: { type: tosca.datatypes.nfv.VlProfile }
      monitoring_parameters:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualLinkMonitoringParameter }
        required: false
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
      externally_managed:
        type: string
        required: false
        constraints: [{ valid_values: [allowed, required] }]
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }
`,
  'nfv/sol001-4/vnf.yaml': `# ETSI GS NFV-SOL 001, release 3 and later (3.3.1 to 5.x): what differs from the other releases.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml
  - ../sol001/common.yaml

node_types:
  tosca.nodes.nfv.VNF:
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      ext_invariant_id: { type: string, required: false }
      descriptor_version: { type: string }
      provider: { type: string }
      product_name: { type: string }
      software_version: { type: string }
      product_info_name: { type: string, required: false }
      product_info_description: { type: string, required: false }
      # The standard has a pattern, etsivnfm:v1.2.3 or a number and a name; VNFMs in use have names of their own.
      vnfm_info: { type: list, entry_schema: { type: string } }
      localization_languages: { type: list, entry_schema: { type: string }, required: false }
      default_localization_language: { type: string, required: false }
      configurable_properties: { type: tosca.datatypes.nfv.VnfConfigurableProperties, required: false }
      modifiable_attributes: { type: tosca.datatypes.nfv.VnfInfoModifiableAttributes, required: false }
      lcm_operations_configuration:
        type: tosca.datatypes.nfv.VnfLcmOperationsConfiguration
        required: false
      monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VnfMonitoringParameter }
        required: false
      flavour_id: { type: string }
      flavour_description: { type: string }
      vnf_profile: { type: tosca.datatypes.nfv.VnfProfile, required: false }
      # Release 5.
      change_selected_deployable_modules_op: { type: list, entry_schema: { type: string }, required: false }
    attributes:
      scale_status: { type: map, entry_schema: { type: tosca.datatypes.nfv.ScaleInfo } }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]
      - associated_paas_service:
          capability: tosca.capabilities.nfv.AssociablePaasService
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]
    interfaces:
      Vnflcm: { type: tosca.interfaces.nfv.Vnflcm }
      VnfIndicator: { type: tosca.interfaces.nfv.VnfIndicator }

  tosca.nodes.nfv.Vdu.Compute:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string }
      boot_order: { type: boolean, default: false }
      nfvi_constraints: { type: map, entry_schema: { type: string }, required: false }
      monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VnfcMonitoringParameter }
        required: false
      configurable_properties: { type: tosca.datatypes.nfv.VnfcConfigurableProperties, required: false }
      vdu_profile: { type: tosca.datatypes.nfv.VduProfile }
      sw_image_data: { type: tosca.datatypes.nfv.SwImageData, required: false }
      boot_data: { type: tosca.datatypes.nfv.BootData, required: false }
    capabilities:
      virtual_compute: { type: tosca.capabilities.nfv.VirtualCompute, occurrences: [1, 1] }
      virtual_binding: { type: tosca.capabilities.nfv.VirtualBindable, occurrences: [1, UNBOUNDED] }
      # Release 5.
      associable: { type: tosca.capabilities.nfv.AssociableVdu, occurrences: [0, UNBOUNDED] }
      deployable_module_member:
        type: tosca.capabilities.nfv.DeployableModuleMember
        occurrences: [0, UNBOUNDED]
    requirements:
      - virtual_storage:
          capability: tosca.capabilities.nfv.VirtualStorage
          relationship: tosca.relationships.nfv.AttachesTo
          occurrences: [0, UNBOUNDED]
      - associated_paas_service:
          capability: tosca.capabilities.nfv.AssociablePaasService
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]
      - installable_certificate:
          capability: tosca.capabilities.nfv.InstallableCertificate
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]

  tosca.nodes.nfv.VnfVirtualLink:
    derived_from: tosca.nodes.Root
    properties:
      connectivity_type: { type: tosca.datatypes.nfv.ConnectivityType }
      description: { type: string, required: false }
      test_access:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [passive_monitoring, active_loopback] }]
        required: false
      vl_profile: { type: tosca.datatypes.nfv.VlProfile }
      monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VirtualLinkMonitoringParameter }
        required: false
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
      externally_managed:
        type: string
        required: false
        constraints: [{ valid_values: [allowed, required] }]
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }
`,
  'nfv/sol001/common.yaml': `# ETSI GS NFV-SOL 001: types of VNF, NS and PNF descriptors that are the same from release 2 to 5 of the standard, or
# that a later release only added to. What an earlier release demanded and a later one does not, is optional here.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml

data_types:
  # Connection points

  tosca.datatypes.nfv.L2AddressData:
    derived_from: tosca.datatypes.Root
    properties:
      mac_address_assignment: { type: boolean }

  tosca.datatypes.nfv.L3AddressData:
    derived_from: tosca.datatypes.Root
    properties:
      ip_address_assignment: { type: boolean, required: false }
      ip_address_assignment_subtype:
        type: string
        required: false
        constraints: [{ valid_values: [dynamic, vnf_pkg, external] }]
      floating_ip_activated: { type: boolean }
      ip_address_type: { type: string, required: false, constraints: [{ valid_values: [ipv4, ipv6] }] }
      number_of_ip_address: { type: integer, required: false, constraints: [{ greater_than: 0 }] }
      fixed_ip_address: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.AddressData:
    derived_from: tosca.datatypes.Root
    properties:
      address_type: { type: string, constraints: [{ valid_values: [mac_address, ip_address] }] }
      l2_address_data: { type: tosca.datatypes.nfv.L2AddressData, required: false }
      l3_address_data: { type: tosca.datatypes.nfv.L3AddressData, required: false }

  tosca.datatypes.nfv.CpProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      associated_layer_protocol:
        type: string
        constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo-wire] }]
      address_data: { type: list, entry_schema: { type: tosca.datatypes.nfv.AddressData }, required: false }

  tosca.datatypes.nfv.ServicePortData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      protocol: { type: string, constraints: [{ valid_values: [tcp, udp, sctp] }] }
      port: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      portConfigurable: { type: boolean }

  tosca.datatypes.nfv.ServiceData:
    derived_from: tosca.datatypes.Root
    properties:
      host: { type: string, required: false }
      path: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.AdditionalServiceData:
    derived_from: tosca.datatypes.Root
    properties:
      portData: { type: list, entry_schema: { type: tosca.datatypes.nfv.ServicePortData } }
      serviceData: { type: tosca.datatypes.nfv.ServiceData, required: false }

  tosca.datatypes.nfv.LogicalNodeData:
    derived_from: tosca.datatypes.Root
    properties:
      logical_node_requirements: { type: map, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VirtualNetworkInterfaceRequirements:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      description: { type: string, required: false }
      support_mandatory: { type: boolean, required: false }
      network_interface_requirements: { type: map, entry_schema: { type: string } }
      nic_io_requirements: { type: tosca.datatypes.nfv.LogicalNodeData, required: false }

  # Virtual links

  tosca.datatypes.nfv.ConnectivityType:
    derived_from: tosca.datatypes.Root
    properties:
      layer_protocols:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo-wire] }]
      flow_pattern: { type: string, required: false, constraints: [{ valid_values: [line, tree, mesh] }] }

  tosca.datatypes.nfv.LinkBitrateRequirements:
    derived_from: tosca.datatypes.Root
    properties:
      root: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      leaf: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.Qos:
    derived_from: tosca.datatypes.Root
    properties:
      latency: { type: scalar-unit.time, constraints: [{ greater_than: 0 s }] }
      packet_delay_variation: { type: scalar-unit.time, constraints: [{ greater_or_equal: 0 s }] }
      packet_loss_ratio: { type: float, required: false, constraints: [{ in_range: [0.0, 1.0] }] }

  tosca.datatypes.nfv.IpAllocationPool:
    derived_from: tosca.datatypes.Root
    properties:
      start_ip_address: { type: string }
      end_ip_address: { type: string }

  tosca.datatypes.nfv.L2ProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      network_type: { type: string, required: false, constraints: [{ valid_values: [flat, vlan, vxlan, gre] }] }
      vlan_transparent: { type: boolean, default: false, required: false }
      mtu: { type: integer, required: false, constraints: [{ greater_than: 0 }] }
      segmentation_id: { type: string, required: false }

  tosca.datatypes.nfv.L3ProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      ip_version: { type: string, constraints: [{ valid_values: [ipv4, ipv6] }] }
      cidr: { type: string }
      ip_allocation_pools:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.IpAllocationPool }
        required: false
      gateway_ip: { type: string, required: false }
      dhcp_enabled: { type: boolean, required: false }
      ipv6_address_mode:
        type: string
        required: false
        constraints: [{ valid_values: [slaac, dhcpv6-stateful, dhcpv6-stateless] }]

  tosca.datatypes.nfv.VirtualLinkProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      associated_layer_protocol:
        type: string
        constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo-wire] }]
      l2_protocol_data: { type: tosca.datatypes.nfv.L2ProtocolData, required: false }
      l3_protocol_data: { type: tosca.datatypes.nfv.L3ProtocolData, required: false }

  tosca.datatypes.nfv.VlProfile:
    derived_from: tosca.datatypes.Root
    properties:
      max_bitrate_requirements: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
      min_bitrate_requirements: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
      qos: { type: tosca.datatypes.nfv.Qos, required: false }
      virtual_link_protocol_data:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualLinkProtocolData }
        required: false

  tosca.datatypes.nfv.VirtualLinkBitrateLevel:
    derived_from: tosca.datatypes.Root
    properties:
      bitrate_requirements: { type: tosca.datatypes.nfv.LinkBitrateRequirements }

  # Compute and storage

  tosca.datatypes.nfv.RequestedAdditionalCapability:
    derived_from: tosca.datatypes.Root
    properties:
      requested_additional_capability_name: { type: string }
      support_mandatory: { type: boolean }
      min_requested_additional_capability_version: { type: string, required: false }
      preferred_requested_additional_capability_version: { type: string, required: false }
      target_performance_parameters: { type: map, entry_schema: { type: string } }

  tosca.datatypes.nfv.Hugepages:
    derived_from: tosca.datatypes.Root
    properties:
      hugepage_size: { type: scalar-unit.size }
      requested_size: { type: scalar-unit.size }

  tosca.datatypes.nfv.VirtualMemory:
    derived_from: tosca.datatypes.Root
    properties:
      virtual_mem_size: { type: scalar-unit.size }
      virtual_mem_oversubscription_policy: { type: string, required: false }
      vdu_mem_requirements: { type: map, entry_schema: { type: string }, required: false }
      numa_enabled: { type: boolean, default: false, required: false }
      huge_pages_requirements:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.Hugepages }
        required: false

  tosca.datatypes.nfv.VirtualCpuPinning:
    derived_from: tosca.datatypes.Root
    properties:
      virtual_cpu_pinning_policy:
        type: string
        required: false
        constraints: [{ valid_values: [static, dynamic] }]
      virtual_cpu_pinning_rule: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VirtualCpu:
    derived_from: tosca.datatypes.Root
    properties:
      cpu_architecture: { type: string, required: false }
      num_virtual_cpu: { type: integer, constraints: [{ greater_than: 0 }] }
      virtual_cpu_clock: { type: scalar-unit.frequency, required: false }
      virtual_cpu_oversubscription_policy: { type: string, required: false }
      vdu_cpu_requirements: { type: map, entry_schema: { type: string }, required: false }
      virtual_cpu_pinning: { type: tosca.datatypes.nfv.VirtualCpuPinning, required: false }

  tosca.datatypes.nfv.ExtendedResourceData:
    derived_from: tosca.datatypes.Root
    properties:
      extended_resource:
        type: map
        entry_schema: { type: string }
        constraints: [{ min_length: 1 }, { max_length: 1 }]
      amount: { type: integer, constraints: [{ greater_than: 0 }] }

  tosca.datatypes.nfv.McioIdentificationData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      type: { type: string, constraints: [{ valid_values: [Deployment, StatefulSet, DaemonSet] }] }

  tosca.datatypes.nfv.VirtualBlockStorageData:
    derived_from: tosca.datatypes.Root
    properties:
      size_of_storage: { type: scalar-unit.size, constraints: [{ greater_or_equal: 0 B }] }
      vdu_storage_requirements: { type: map, entry_schema: { type: string }, required: false }
      rdma_enabled: { type: boolean, default: false, required: false }

  tosca.datatypes.nfv.VirtualObjectStorageData:
    derived_from: tosca.datatypes.Root
    properties:
      max_size_of_storage:
        type: scalar-unit.size
        required: false
        constraints: [{ greater_or_equal: 0 B }]

  # Release 4 limits the protocol to nfs and cifs; earlier descriptors name others.
  tosca.datatypes.nfv.VirtualFileStorageData:
    derived_from: tosca.datatypes.Root
    properties:
      size_of_storage: { type: scalar-unit.size, constraints: [{ greater_or_equal: 0 B }] }
      file_system_protocol: { type: string }

  tosca.datatypes.nfv.ChecksumData:
    derived_from: tosca.datatypes.Root
    properties:
      algorithm: { type: string, constraints: [{ valid_values: [sha-224, sha-256, sha-384, sha-512] }] }
      hash: { type: string }

  # Of releases 2 and 3; since then these are properties of the artifact.
  tosca.datatypes.nfv.SwImageData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      version: { type: string }
      provider: { type: string, required: false }
      checksum: { type: tosca.datatypes.nfv.ChecksumData }
      container_format:
        type: string
        constraints: [{ valid_values: [aki, ami, ari, bare, docker, ova, ovf] }]
      disk_format:
        type: string
        required: false
        constraints: [{ valid_values: [aki, ami, ari, iso, qcow2, raw, vdi, vhd, vhdx, vmdk] }]
      min_disk: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 B }] }
      min_ram: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 B }] }
      size: { type: scalar-unit.size, required: false }
      operating_system: { type: string, required: false }
      supported_virtualisation_environments: { type: list, entry_schema: { type: string }, required: false }

  # Boot data

  tosca.datatypes.nfv.BootDataVimSpecificProperties:
    derived_from: tosca.datatypes.Root
    properties:
      vim_type: { type: string, required: false }
      properties: { type: map, entry_schema: { type: string } }

  tosca.datatypes.nfv.KvpData:
    derived_from: tosca.datatypes.Root
    properties:
      data: { type: map, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.ContentOrFileData:
    derived_from: tosca.datatypes.Root
    properties:
      data: { type: map, entry_schema: { type: string }, required: false }
      content: { type: string, required: false }
      source_path: { type: string, required: false }
      destination_path: { type: string, required: false }

  tosca.datatypes.nfv.BootData:
    derived_from: tosca.datatypes.Root
    properties:
      vim_specific_properties:
        type: tosca.datatypes.nfv.BootDataVimSpecificProperties
        required: false
      kvp_data: { type: tosca.datatypes.nfv.KvpData, required: false }
      content_or_file_data: { type: tosca.datatypes.nfv.ContentOrFileData, required: false }

  # Maintenance

  tosca.datatypes.nfv.MaxNumberOfImpactedInstances:
    derived_from: tosca.datatypes.Root
    properties:
      group_size: { type: integer, required: false, constraints: [{ greater_than: 0 }] }
      max_number_of_impacted_instances: { type: integer, constraints: [{ greater_than: 0 }] }

  tosca.datatypes.nfv.MinNumberOfPreservedInstances:
    derived_from: tosca.datatypes.Root
    properties:
      group_size: { type: integer, required: false, constraints: [{ greater_than: 0 }] }
      min_number_of_preserved_instances: { type: integer, constraints: [{ greater_than: 0 }] }

  tosca.datatypes.nfv.NfviMaintenanceInfo:
    derived_from: tosca.datatypes.Root
    properties:
      impact_notification_lead_time: { type: scalar-unit.time }
      is_impact_mitigation_requested: { type: boolean, default: false }
      supported_migration_type:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [no_migration, offline_migration, live_migration] }]
        required: false
      max_undetectable_interruption_time: { type: scalar-unit.time, required: false }
      min_recovery_time_between_impacts: { type: scalar-unit.time, required: false }
      max_number_of_impacted_instances:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.MaxNumberOfImpactedInstances }
        required: false
      min_number_of_preserved_instances:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.MinNumberOfPreservedInstances }
        required: false

  # Sizes and levels

  tosca.datatypes.nfv.VduProfile:
    derived_from: tosca.datatypes.Root
    properties:
      min_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      max_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
      # Release 5.
      modify_capacity_attributes_op: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VduLevel:
    derived_from: tosca.datatypes.Root
    properties:
      number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.VipCpLevel:
    derived_from: tosca.datatypes.Root
    properties:
      number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.ScaleInfo:
    derived_from: tosca.datatypes.Root
    properties:
      scale_level: { type: integer, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.ScalingAspect:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      description: { type: string }
      max_scale_level: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      step_deltas: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.InstantiationLevel:
    derived_from: tosca.datatypes.Root
    properties:
      description: { type: string }
      scale_info: { type: map, entry_schema: { type: tosca.datatypes.nfv.ScaleInfo }, required: false }

  tosca.datatypes.nfv.VersionDependencyStatement:
    derived_from: tosca.datatypes.Root
    properties:
      descriptor_id: { type: list, entry_schema: { type: string } }

  tosca.datatypes.nfv.VersionDependency:
    derived_from: tosca.datatypes.Root
    properties:
      dependent_constituent_id: { type: string }
      version_dependency_statement:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VersionDependencyStatement }

  tosca.datatypes.nfv.VnfProfile:
    derived_from: tosca.datatypes.Root
    properties:
      instantiation_level: { type: string, required: false }
      target_vnf_scale_level_info:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.ScaleInfo }
        required: false
      min_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      max_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      service_availability_level: { type: integer, required: false, constraints: [{ greater_or_equal: 1 }] }
      version_dependency:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VersionDependency }
        required: false

  # Monitoring

  tosca.datatypes.nfv.VnfMonitoringParameter:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      performance_metric:
        type: string
        constraints:
          - valid_values:
              - v_cpu_usage_mean_vnf
              - v_cpu_usage_peak_vnf
              - v_memory_usage_mean_vnf
              - v_memory_usage_peak_vnf
              - v_disk_usage_mean_vnf
              - v_disk_usage_peak_vnf
              - byte_incoming_vnf_ext_cp
              - byte_outgoing_vnf_ext_cp
              - packet_incoming_vnf_ext_cp
              - packet_outgoing_vnf_ext_cp
      collection_period: { type: scalar-unit.time, required: false, constraints: [{ greater_than: 0 s }] }

  tosca.datatypes.nfv.VnfcMonitoringParameter:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      performance_metric:
        type: string
        constraints:
          - valid_values:
              - v_cpu_usage_mean_vnf
              - v_cpu_usage_peak_vnf
              - v_memory_usage_mean_vnf
              - v_memory_usage_peak_vnf
              - v_disk_usage_mean_vnf
              - v_disk_usage_peak_vnf
              - byte_incoming_vnf_int_cp
              - byte_outgoing_vnf_int_cp
              - packet_incoming_vnf_int_cp
              - packet_outgoing_vnf_int_cp
              - v_cpu_usage_mean
              - v_cpu_usage_peak
              - v_memory_usage_mean
              - v_memory_usage_peak
              - v_disk_usage_mean
              - v_disk_usage_peak
              - v_net_byte_incoming
              - v_net_byte_outgoing
              - v_net_packet_incoming
              - v_net_packet_outgoing
              - usage_mean_vStorage
              - usage_peak_vStorage
      collection_period: { type: scalar-unit.time, required: false, constraints: [{ greater_than: 0 s }] }

  tosca.datatypes.nfv.VirtualLinkMonitoringParameter:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      performance_metric:
        type: string
        constraints:
          - valid_values:
              - packet_outgoing_virtual_link
              - packet_incoming_virtual_link
              - byte_incoming
              - byte_outgoing
              - packet_incoming
              - packet_outgoing
      collection_period: { type: scalar-unit.time, required: false, constraints: [{ greater_than: 0 s }] }

  # Lifecycle operations

  tosca.datatypes.nfv.VnfInstantiateOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      target_scale_levels_supported: { type: boolean, default: false, required: false }

  tosca.datatypes.nfv.VnfScaleOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      scaling_by_more_than_one_step_supported: { type: boolean, default: false, required: false }

  tosca.datatypes.nfv.VnfScaleToLevelOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      arbitrary_target_levels_supported: { type: boolean }

  tosca.datatypes.nfv.VnfChangeFlavourOperationConfiguration: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfHealOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      causes: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VnfTerminateOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      min_graceful_termination_timeout: { type: scalar-unit.time }
      max_recommended_graceful_termination_timeout: { type: scalar-unit.time, required: false }

  tosca.datatypes.nfv.VnfOperateOperationConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      min_graceful_stop_timeout: { type: scalar-unit.time }
      max_recommended_graceful_stop_timeout: { type: scalar-unit.time, required: false }

  tosca.datatypes.nfv.VnfChangeExtConnectivityOperationConfiguration: { derived_from: tosca.datatypes.Root }
  tosca.datatypes.nfv.VnfChangeCurrentPackageOperationConfiguration: { derived_from: tosca.datatypes.Root }
  tosca.datatypes.nfv.VnfCreateSnapshotOperationConfiguration: { derived_from: tosca.datatypes.Root }
  tosca.datatypes.nfv.VnfRevertToSnapshotOperationConfiguration: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfLcmOperationsConfiguration:
    derived_from: tosca.datatypes.Root
    properties:
      instantiate: { type: tosca.datatypes.nfv.VnfInstantiateOperationConfiguration, required: false }
      scale: { type: tosca.datatypes.nfv.VnfScaleOperationConfiguration, required: false }
      scale_to_level: { type: tosca.datatypes.nfv.VnfScaleToLevelOperationConfiguration, required: false }
      change_flavour: { type: tosca.datatypes.nfv.VnfChangeFlavourOperationConfiguration, required: false }
      heal: { type: tosca.datatypes.nfv.VnfHealOperationConfiguration, required: false }
      terminate: { type: tosca.datatypes.nfv.VnfTerminateOperationConfiguration, required: false }
      operate: { type: tosca.datatypes.nfv.VnfOperateOperationConfiguration, required: false }
      change_ext_connectivity:
        type: tosca.datatypes.nfv.VnfChangeExtConnectivityOperationConfiguration
        required: false
      change_current_package:
        type: tosca.datatypes.nfv.VnfChangeCurrentPackageOperationConfiguration
        required: false
      create_snapshot: { type: tosca.datatypes.nfv.VnfCreateSnapshotOperationConfiguration, required: false }
      revert_to_snapshot:
        type: tosca.datatypes.nfv.VnfRevertToSnapshotOperationConfiguration
        required: false

  tosca.datatypes.nfv.VnfOperationAdditionalParameters: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.InputOpCoordParams: { derived_from: tosca.datatypes.Root }
  tosca.datatypes.nfv.OutputOpCoordParams: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfLcmOpCoord:
    derived_from: tosca.datatypes.Root
    properties:
      description: { type: string, required: false }
      endpoint_type: { type: string, required: false, constraints: [{ valid_values: [mgmt, vnf] }] }
      coordination_stage: { type: string, required: false, constraints: [{ valid_values: [start, end] }] }
      input_parameters: { type: tosca.datatypes.nfv.InputOpCoordParams, required: false }
      output_parameters: { type: tosca.datatypes.nfv.OutputOpCoordParams, required: false }

  tosca.datatypes.nfv.VnfPackageChangeSelector:
    derived_from: tosca.datatypes.Root
    properties:
      source_descriptor_id: { type: string }
      destination_descriptor_id: { type: string }
      source_flavour_id: { type: string }

  tosca.datatypes.nfv.VnfPackageChangeComponentMapping:
    derived_from: tosca.datatypes.Root
    properties:
      component_type:
        type: string
        constraints:
          - valid_values: [vdu, cp, virtual_link, virtual_storage, instantiation_level, scaling_aspect]
      source_id: { type: string }
      destination_id: { type: string }
      description: { type: string, required: false }

  # Interfaces and what a VNF's owner may change

  tosca.datatypes.nfv.UriAuthority:
    derived_from: tosca.datatypes.Root
    properties:
      user_info: { type: string, required: false }
      host: { type: string, required: false }
      port: { type: string, required: false }

  tosca.datatypes.nfv.UriComponents:
    derived_from: tosca.datatypes.Root
    properties:
      scheme: { type: string }
      authority: { type: tosca.datatypes.nfv.UriAuthority, required: false }
      path: { type: string, required: false }
      query: { type: string, required: false }
      fragment: { type: string, required: false }

  tosca.datatypes.nfv.InterfaceDetails:
    derived_from: tosca.datatypes.Root
    properties:
      uri_components: { type: tosca.datatypes.nfv.UriComponents, required: false }
      interface_specific_data: { type: map, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.VnfmInterfaceInfo:
    derived_from: tosca.datatypes.Root
    properties:
      interface_name: { type: string, constraints: [{ valid_values: [vnf_lcm, vnf_pm, vnf_fm] }] }
      details: { type: tosca.datatypes.nfv.InterfaceDetails, required: false }
      credentials: { type: map, entry_schema: { type: string }, required: false }

  tosca.datatypes.nfv.OauthServerInfo: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfcAdditionalConfigurableProperties: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfcConfigurableProperties:
    derived_from: tosca.datatypes.Root
    properties:
      additional_vnfc_configurable_properties:
        type: tosca.datatypes.nfv.VnfcAdditionalConfigurableProperties
        required: false

  tosca.datatypes.nfv.VnfAdditionalConfigurableProperties:
    derived_from: tosca.datatypes.Root
    properties:
      is_writable_anytime: { type: boolean, default: true, required: false }

  tosca.datatypes.nfv.VnfConfigurableProperties:
    derived_from: tosca.datatypes.Root
    properties:
      is_autoscale_enabled: { type: boolean, required: false }
      is_autoheal_enabled: { type: boolean, required: false }
      vnfm_interface_info:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VnfmInterfaceInfo }
        required: false
      vnfm_oauth_server_info: { type: tosca.datatypes.nfv.OauthServerInfo, required: false }
      vnf_oauth_server_info: { type: tosca.datatypes.nfv.OauthServerInfo, required: false }
      additional_configurable_properties:
        type: tosca.datatypes.nfv.VnfAdditionalConfigurableProperties
        required: false

  tosca.datatypes.nfv.VnfInfoModifiableAttributesExtensions: { derived_from: tosca.datatypes.Root }
  tosca.datatypes.nfv.VnfInfoModifiableAttributesMetadata: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.VnfInfoModifiableAttributes:
    derived_from: tosca.datatypes.Root
    properties:
      extensions: { type: tosca.datatypes.nfv.VnfInfoModifiableAttributesExtensions, required: false }
      metadata: { type: tosca.datatypes.nfv.VnfInfoModifiableAttributesMetadata, required: false }

  # Release 5. Of types that are outlined the standard says more than is written here; it is not checked.
  tosca.datatypes.nfv.DomainNameData:
    derived_from: tosca.datatypes.Root
    properties:
      domain_name_assignment: { type: string }
      fully_qualified_domain_name: { type: string, required: false }
      relative_domain_name: { type: string, required: false }

  tosca.datatypes.nfv.CpuPowerState:
    derived_from: tosca.datatypes.Root
    metadata: { outlined: 'true' }

  tosca.datatypes.nfv.IntegerRange:
    derived_from: tosca.datatypes.Root
    metadata: { outlined: 'true' }

  tosca.datatypes.nfv.SizeRange:
    derived_from: tosca.datatypes.Root
    metadata: { outlined: 'true' }

  tosca.datatypes.nfv.CertSubjectData:
    derived_from: tosca.datatypes.Root
    metadata: { outlined: 'true' }

  tosca.datatypes.nfv.CSRRequirements:
    derived_from: tosca.datatypes.Root
    metadata: { outlined: 'true' }

  tosca.datatypes.nfv.CertificateBaseProfile:
    derived_from: tosca.datatypes.Root
    properties:
      id: { type: string }
      issuer: { type: string }
      issuer_unique_identifier: { type: string }
      subject: { type: tosca.datatypes.nfv.CertSubjectData }
      subject_unique_identifier: { type: string }
      basic_constraints: { type: string }
      issuer_alt_name: { type: string, required: false }
      subject_alt_name: { type: string, required: false }
      name_constraints: { type: string, required: false }

artifact_types:
  # The properties are of release 4; before it the image's data is the node's (sw_image_data).
  tosca.artifacts.nfv.SwImage:
    derived_from: tosca.artifacts.Deployment.Image
    properties:
      name: { type: string, required: false }
      version: { type: string, required: false }
      provider: { type: string, required: false }
      checksum: { type: tosca.datatypes.nfv.ChecksumData, required: false }
      container_format:
        type: string
        required: false
        constraints: [{ valid_values: [aki, ami, ari, bare, docker, ova, ovf] }]
      disk_format:
        type: string
        required: false
        constraints: [{ valid_values: [aki, ami, ari, iso, qcow2, raw, vdi, vhd, vhdx, vmdk] }]
      min_disk: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 B }] }
      min_ram: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 B }] }
      size: { type: scalar-unit.size, required: false }
      operating_system: { type: string, required: false }
      supported_virtualisation_environments: { type: list, entry_schema: { type: string }, required: false }

  tosca.artifacts.Implementation.nfv.Mistral:
    derived_from: tosca.artifacts.Implementation
    mime_type: application/x-yaml
    file_ext: [yaml]

  tosca.artifacts.nfv.HelmChart:
    derived_from: tosca.artifacts.File
    file_ext: [tar, tar.gz, tgz]

  # Release 5.
  tosca.artifacts.nfv.HelmParamMappingScript:
    derived_from: tosca.artifacts.Implementation
    properties:
      language: { type: string, constraints: [{ valid_values: [bash, python] }] }

  tosca.artifacts.nfv.HelmParamMappingRule:
    derived_from: tosca.artifacts.File

  tosca.artifacts.nfv.LcmOpParameterMappingScript:
    derived_from: tosca.artifacts.Implementation
    metadata: { outlined: 'true' }
    properties:
      script_dsl: { type: string, required: false }

capability_types:
  tosca.capabilities.nfv.VirtualLinkable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.VirtualBindable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.TrunkBindable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.ContainerDeployable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.AssociableVdu: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.AssociablePaasService: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.DeployableModuleMember: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.InstallableCertificate: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.nfv.VirtualStorage: { derived_from: tosca.capabilities.Root }
  tosca.capabilities.nfv.Forwarding: { derived_from: tosca.capabilities.Root }

  tosca.capabilities.nfv.VirtualCompute:
    derived_from: tosca.capabilities.Node
    properties:
      logical_node:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.LogicalNodeData }
        required: false
      requested_additional_capabilities:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.RequestedAdditionalCapability }
        required: false
      compute_requirements: { type: map, entry_schema: { type: string }, required: false }
      # Demanded by the standard; but a VDU of containers, for which release 2 has no other type, has neither.
      virtual_memory: { type: tosca.datatypes.nfv.VirtualMemory, required: false }
      virtual_cpu: { type: tosca.datatypes.nfv.VirtualCpu, required: false }
      virtual_local_storage:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualBlockStorageData }
        required: false

relationship_types:
  tosca.relationships.nfv.VirtualLinksTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.VirtualLinkable]

  tosca.relationships.nfv.VipVirtualLinksTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.VirtualLinkable]

  tosca.relationships.nfv.VirtualBindsTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.VirtualBindable]

  tosca.relationships.nfv.TrunkBindsTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.TrunkBindable]

  tosca.relationships.nfv.DeploysTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.ContainerDeployable]

  tosca.relationships.nfv.MciopAssociates:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.nfv.AssociableVdu]

  tosca.relationships.nfv.AttachesTo:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.nfv.VirtualStorage]

  tosca.relationships.nfv.ForwardTo:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.nfv.Forwarding]

interface_types:
  # In release 2 the operations have no inputs: there a VNF's own type declares them.
  tosca.interfaces.nfv.Vnflcm:
    derived_from: tosca.interfaces.Root
    operations:
      instantiate:
        inputs: &additional
          additional_parameters:
            type: tosca.datatypes.nfv.VnfOperationAdditionalParameters
            required: false
      instantiate_start: {}
      instantiate_end: {}
      terminate: { inputs: *additional }
      terminate_start: {}
      terminate_end: {}
      modify_information: {}
      modify_information_start: {}
      modify_information_end: {}
      change_flavour: { inputs: *additional }
      change_flavour_start: {}
      change_flavour_end: {}
      change_external_connectivity: { inputs: *additional }
      change_external_connectivity_start: {}
      change_external_connectivity_end: {}
      operate: { inputs: *additional }
      operate_start: {}
      operate_end: {}
      heal:
        inputs:
          additional_parameters:
            type: tosca.datatypes.nfv.VnfOperationAdditionalParameters
            required: false
          cause: { type: string, required: false }
          vnfc_instance_ids: { type: list, entry_schema: { type: string }, required: false }
      heal_start: {}
      heal_end: {}
      scale:
        inputs:
          additional_parameters:
            type: tosca.datatypes.nfv.VnfOperationAdditionalParameters
            required: false
          type: { type: string, required: false, constraints: [{ valid_values: [scale_out, scale_in] }] }
          aspect: { type: string, required: false }
          number_of_steps: { type: integer, default: 1, constraints: [{ greater_than: 0 }] }
      scale_start: {}
      scale_end: {}
      scale_to_level:
        inputs:
          additional_parameters:
            type: tosca.datatypes.nfv.VnfOperationAdditionalParameters
            required: false
          instantiation_level: { type: string, required: false }
          scale_info:
            type: map
            entry_schema: { type: tosca.datatypes.nfv.ScaleInfo }
            required: false
      scale_to_level_start: {}
      scale_to_level_end: {}
      create_snapshot: { inputs: *additional }
      create_snapshot_start: {}
      create_snapshot_end: {}
      revert_to_snapshot: { inputs: *additional }
      revert_to_snapshot_start: {}
      revert_to_snapshot_end: {}
      change_current_package: { inputs: *additional }
      change_current_package_start: {}
      change_current_package_end: {}
    notifications:
      change_current_package_notification: {}
      change_current_package_start_notification: {}
      change_current_package_end_notification: {}

  tosca.interfaces.nfv.VnfIndicator: { derived_from: tosca.interfaces.Root }
  tosca.interfaces.nfv.ChangeCurrentVnfPackage: { derived_from: tosca.interfaces.Root }

policy_types:
  tosca.policies.nfv.Abstract.SecurityGroupRule:
    derived_from: tosca.policies.Root
    properties:
      description: { type: string, required: false }
      direction: { type: string, default: ingress, constraints: [{ valid_values: [ingress, egress] }] }
      ether_type: { type: string, default: ipv4, constraints: [{ valid_values: [ipv4, ipv6] }] }
      # Any keyword of the IANA registry of protocol numbers.
      protocol:
        type: string
        default: tcp
        constraints:
          - valid_values: [hopopt, icmp, igmp, ggp, ipv4, st, tcp, cbt, egp, igp, bbn_rcc_mon, nvp_ii, pup, argus,
              emcon, xnet, chaos, udp, mux, dcn_meas, hmp, prm, xns_idp, trunk_1, trunk_2, leaf_1, leaf_2, rdp, irtp,
              iso_tp4, netblt, mfe_nsp, merit_inp, dccp, 3pc, idpr, xtp, ddp, idpr_cmtp, tp++, il, ipv6, sdrp,
              ipv6_route, ipv6_frag, idrp, rsvp, gre, dsr, bna, esp, ah, i_nlsp, swipe, narp, mobile, tlsp, skip,
              ipv6_icmp, ipv6_no_nxt, ipv6_opts, cftp, sat_expak, kryptolan, rvd, ippc, sat_mon, visa, ipcv, cpnx,
              cphb, wsn, pvp, br_sat_mon, sun_nd, wb_mon, wb_expak, iso_ip, vmtp, secure_vmtp, vines, ttp, iptm,
              nsfnet_igp, dgp, tcf, eigrp, ospfigp, sprite_rpc, larp, mtp, ax.25, ipip, micp, scc_sp, etherip, encap,
              gmtp, ifmp, pnni, pim, aris, scps, qnx, a/n, ip_comp, snp, compaq_peer, ipx_in_ip, vrrp, pgm, l2tp, ddx,
              iatp, stp, srp, uti, smp, sm, ptp, isis, fire, crtp, crudp, sscopmce, iplt, sps, pipe, sctp, fc,
              rsvp_e2e_ignore, mobility, udp_lite, mpls_in_ip, manet, hip, shim6, wesp, rohc]
      port_range_min:
        type: integer
        default: 0
        constraints: [{ greater_or_equal: 0 }, { less_or_equal: 65535 }]
      port_range_max:
        type: integer
        default: 65535
        constraints: [{ greater_or_equal: 0 }, { less_or_equal: 65535 }]

node_types:
  tosca.nodes.nfv.Cp:
    derived_from: tosca.nodes.Root
    properties:
      layer_protocols:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo-wire] }]
      ip_stack_mode:
        type: string
        required: false
        constraints:
          - valid_values: [ipv4_xor_ipv6, ipv4_or_ipv6, tunnel_ipv6_over_ipv4, tunnel_ipv4_over_ipv6]
      role: { type: string, required: false, constraints: [{ valid_values: [root, leaf] }] }
      description: { type: string, required: false }
      protocol: { type: list, entry_schema: { type: tosca.datatypes.nfv.CpProtocolData }, required: false }
      trunk_mode: { type: boolean, required: false }
      # Release 5.
      purpose: { type: list, entry_schema: { type: string }, required: false }
      domain_name: { type: list, entry_schema: { type: tosca.datatypes.nfv.DomainNameData }, required: false }
`,
  'nfv/sol001/nsd.yaml': `# ETSI GS NFV-SOL 001: the types of NS descriptors, with the VNF of the release that asks for it.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml
  - ../sol001/common.yaml
  - vnfd.yaml
  - ../sol001/pnfd.yaml

data_types:
  tosca.datatypes.nfv.NsVirtualLinkQos:
    derived_from: tosca.datatypes.nfv.Qos
    properties:
      priority: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.NsIpAllocationPool:
    derived_from: tosca.datatypes.Root
    properties:
      start_ip_address: { type: string }
      end_ip_address: { type: string }

  tosca.datatypes.nfv.NsL2ProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      network_type: { type: string, required: false, constraints: [{ valid_values: [flat, vlan, vxlan, gre] }] }
      vlan_transparent: { type: boolean, default: false, required: false }
      mtu: { type: integer, required: false, constraints: [{ greater_than: 0 }] }
      segmentation_id: { type: string, required: false }

  tosca.datatypes.nfv.NsL3ProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string, required: false }
      ip_version: { type: string, constraints: [{ valid_values: [ipv4, ipv6] }] }
      cidr: { type: string }
      ip_allocation_pools:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.NsIpAllocationPool }
        required: false

  tosca.datatypes.nfv.NsVirtualLinkProtocolData:
    derived_from: tosca.datatypes.Root
    properties:
      associated_layer_protocol:
        type: string
        constraints: [{ valid_values: [ethernet, mpls, odu2, ipv4, ipv6, pseudo-wire] }]
      l2_protocol_data: { type: tosca.datatypes.nfv.NsL2ProtocolData, required: false }
      l3_protocol_data: { type: tosca.datatypes.nfv.NsL3ProtocolData, required: false }

  tosca.datatypes.nfv.NsDataFlowMirroring:
    derived_from: tosca.datatypes.Root
    properties:
      mirroring_job_name: { type: string }
      description: { type: string, required: false }

  tosca.datatypes.nfv.NsVlProfile:
    derived_from: tosca.datatypes.Root
    properties:
      max_bitrate_requirements: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
      min_bitrate_requirements: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
      qos: { type: tosca.datatypes.nfv.NsVirtualLinkQos, required: false }
      service_availability_level: { type: integer, required: false, constraints: [{ greater_or_equal: 1 }] }
      virtual_link_protocol_data:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.NsVirtualLinkProtocolData }
        required: false
      data_flow_mirroring:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.NsDataFlowMirroring }
        required: false

  tosca.datatypes.nfv.NsScaleInfo:
    derived_from: tosca.datatypes.Root
    properties:
      scale_level: { type: integer, constraints: [{ greater_or_equal: 0 }] }

  tosca.datatypes.nfv.NsProfile:
    derived_from: tosca.datatypes.Root
    properties:
      ns_instantiation_level: { type: string, required: false }
      target_ns_scale_level:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.NsScaleInfo }
        required: false
      min_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      max_number_of_instances: { type: integer, constraints: [{ greater_or_equal: 0 }] }
      flavour_id: { type: string, required: false }
      version_dependency:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VersionDependency }
        required: false

  tosca.datatypes.nfv.Mask:
    derived_from: tosca.datatypes.Root
    properties:
      starting_point: { type: integer, constraints: [{ greater_or_equal: 1 }] }
      length: { type: integer, constraints: [{ greater_or_equal: 1 }] }
      value: { type: string }

  tosca.datatypes.nfv.NsOperationAdditionalParameters: { derived_from: tosca.datatypes.Root }

  tosca.datatypes.nfv.NsMonitoringParameter:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      performance_metric:
        type: string
        constraints:
          - valid_values: [byte_incoming_sap, byte_outgoing_sap, packet_incoming_sap, packet_outgoing_sap,
              byte_incoming, byte_outgoing, packet_incoming, packet_outgoing]
      collection_period: { type: scalar-unit.time, required: false }

  tosca.datatypes.nfv.NsLevels:
    derived_from: tosca.datatypes.Root
    properties:
      description: { type: string }

  tosca.datatypes.nfv.NsScalingAspect:
    derived_from: tosca.datatypes.Root
    properties:
      name: { type: string }
      description: { type: string }
      ns_scale_levels:
        type: map
        key_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        entry_schema: { type: tosca.datatypes.nfv.NsLevels }

  tosca.datatypes.nfv.ScaleNsByStepsData:
    derived_from: tosca.datatypes.Root
    properties:
      scaling_direction: { type: string, constraints: [{ valid_values: [scale_out, scale_in] }] }
      aspect: { type: string }
      number_of_steps: { type: integer, default: 1, constraints: [{ greater_than: 0 }] }

  tosca.datatypes.nfv.ScaleNsToLevelData:
    derived_from: tosca.datatypes.Root
    properties:
      instantiation_level: { type: string, required: false }
      ns_scale_info:
        type: map
        entry_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        required: false

interface_types:
  tosca.interfaces.nfv.Nslcm:
    derived_from: tosca.interfaces.Root
    operations:
      instantiate_start: {}
      instantiate:
        inputs: &additional
          additional_parameters:
            type: tosca.datatypes.nfv.NsOperationAdditionalParameters
            required: false
      instantiate_end: {}
      terminate_start: {}
      terminate: {}
      terminate_end: {}
      update_start: {}
      update: {}
      update_end: {}
      scale_start: {}
      scale:
        inputs:
          additional_parameters:
            type: tosca.datatypes.nfv.NsOperationAdditionalParameters
            required: false
          scale_ns_by_steps_data: { type: tosca.datatypes.nfv.ScaleNsByStepsData, required: false }
          scale_ns_to_level_data: { type: tosca.datatypes.nfv.ScaleNsToLevelData, required: false }
      scale_end: {}
      heal_start: {}
      heal: { inputs: *additional }
      heal_end: {}

  tosca.interfaces.nfv.NsVnfIndicator: { derived_from: tosca.interfaces.Root }

node_types:
  tosca.nodes.nfv.NsVirtualLink:
    derived_from: tosca.nodes.Root
    properties:
      vl_profile: { type: tosca.datatypes.nfv.NsVlProfile }
      connectivity_type: { type: tosca.datatypes.nfv.ConnectivityType }
      test_access:
        type: list
        entry_schema:
          type: string
          constraints: [{ valid_values: [passive_monitoring, active_loopback] }]
        required: false
      description: { type: string, required: false }
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }

  tosca.nodes.nfv.NS:
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      designer: { type: string }
      version: { type: string }
      name: { type: string }
      invariant_id: { type: string }
      ext_invariant_id: { type: string, required: false }
      flavour_id: { type: string }
      ns_profile: { type: tosca.datatypes.nfv.NsProfile, required: false }
      service_availability_level: { type: integer, required: false, constraints: [{ greater_or_equal: 1 }] }
      priority: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
      strict_nsd_constituent_onboarding: { type: boolean, default: true }
    attributes:
      scale_status:
        type: map
        entry_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          node: tosca.nodes.nfv.NsVirtualLink
          occurrences: [0, 1]
    interfaces:
      Nslcm: { type: tosca.interfaces.nfv.Nslcm }

  tosca.nodes.nfv.Sap:
    derived_from: tosca.nodes.nfv.Cp
    capabilities:
      forwarding: { type: tosca.capabilities.nfv.Forwarding }
    requirements:
      - external_virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]
      - internal_virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [1, 1]

  # One position element for both directions, or one for what comes in and one for what goes out.
  tosca.nodes.nfv.NfpPositionElement:
    derived_from: tosca.nodes.Root
    capabilities:
      forwarding: { type: tosca.capabilities.nfv.Forwarding }
    requirements:
      - profile_element:
          capability: tosca.capabilities.nfv.Forwarding
          relationship: tosca.relationships.nfv.ForwardTo
          occurrences: [1, 2]

  tosca.nodes.nfv.NfpPosition:
    derived_from: tosca.nodes.Root
    properties:
      forwarding_behaviour: { type: string, required: false, constraints: [{ valid_values: [all, lb, ff] }] }
      forwarding_behaviour_input_parameters: { type: map, entry_schema: { type: string }, required: false }
    capabilities:
      forwarding: { type: tosca.capabilities.nfv.Forwarding }
    requirements:
      - element:
          capability: tosca.capabilities.nfv.Forwarding
          node: tosca.nodes.nfv.NfpPositionElement
          relationship: tosca.relationships.nfv.ForwardTo
          occurrences: [1, UNBOUNDED]

  tosca.nodes.nfv.NFP:
    derived_from: tosca.nodes.Root
    requirements:
      - nfp_position:
          capability: tosca.capabilities.nfv.Forwarding
          node: tosca.nodes.nfv.NfpPosition
          relationship: tosca.relationships.nfv.ForwardTo
          occurrences: [1, UNBOUNDED]

  tosca.nodes.nfv.Forwarding:
    derived_from: tosca.nodes.Root
    capabilities:
      virtual_linkable: { type: tosca.capabilities.nfv.VirtualLinkable }
      forwarding: { type: tosca.capabilities.nfv.Forwarding }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo

group_types:
  tosca.groups.nfv.NsPlacementGroup:
    derived_from: tosca.groups.Root
    properties:
      description: { type: string, required: false }
    members:
      - tosca.nodes.nfv.VNF
      - tosca.nodes.nfv.PNF
      - tosca.nodes.nfv.NsVirtualLink
      - tosca.nodes.nfv.NS
      - tosca.nodes.nfv.Forwarding
      - tosca.nodes.nfv.Sap

  tosca.groups.nfv.VNFFG:
    derived_from: tosca.groups.Root
    properties:
      description: { type: string, required: false }
    members:
      - tosca.nodes.nfv.NFP
      - tosca.nodes.nfv.VNF
      - tosca.nodes.nfv.PNF
      - tosca.nodes.nfv.NS
      - tosca.nodes.nfv.NsVirtualLink
      - tosca.nodes.nfv.NfpPositionElement

policy_types:
  tosca.policies.nfv.NsAffinityRule:
    derived_from: tosca.policies.Placement
    properties: &affinity
      scope:
        type: string
        constraints:
          - valid_values: [nfvi_node, zone, zone_group, nfvi_pop, network_link_and_node, container_namespace, l2_network]
    targets: &placed
      - tosca.nodes.nfv.VNF
      - tosca.nodes.nfv.NsVirtualLink
      - tosca.nodes.nfv.NS
      - tosca.groups.nfv.NsPlacementGroup
      - tosca.nodes.nfv.Sap
      - tosca.nodes.nfv.Forwarding

  tosca.policies.nfv.NsAntiAffinityRule:
    derived_from: tosca.policies.Placement
    properties: *affinity
    targets: *placed

  tosca.policies.nfv.NsSecurityGroupRule:
    derived_from: tosca.policies.nfv.Abstract.SecurityGroupRule
    targets: [tosca.nodes.nfv.Sap]

  tosca.policies.nfv.NfpRule:
    derived_from: tosca.policies.Root
    properties:
      ether_destination_address: { type: string, required: false }
      ether_source_address: { type: string, required: false }
      ether_type: { type: string, required: false, constraints: [{ valid_values: [ipv4, ipv6] }] }
      vlan_tag: { type: list, entry_schema: { type: string }, required: false }
      protocol: { type: string, required: false }
      dscp: { type: string, required: false }
      source_port_range: { type: range, required: false, constraints: [{ in_range: [0, 65535] }] }
      destination_port_range: { type: range, required: false, constraints: [{ in_range: [0, 65535] }] }
      source_ip_address_prefix: { type: string, required: false }
      destination_ip_address_prefix: { type: string, required: false }
      extended_criteria: { type: list, entry_schema: { type: tosca.datatypes.nfv.Mask }, required: false }
    targets: [tosca.nodes.nfv.NFP]

  tosca.policies.nfv.NsMonitoring:
    derived_from: tosca.policies.Root
    properties:
      ns_monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.NsMonitoringParameter }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.NS]

  tosca.policies.nfv.VnfMonitoring:
    derived_from: tosca.policies.Root
    properties:
      vnf_monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VnfMonitoringParameter }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VNF]

  tosca.policies.nfv.NsScalingAspects:
    derived_from: tosca.policies.Root
    properties:
      aspects:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.NsScalingAspect }
        constraints: [{ min_length: 1 }]

  tosca.policies.nfv.VnfToLevelMapping:
    derived_from: tosca.policies.Root
    properties: &instances-by-level
      aspect: { type: string }
      number_of_instances:
        type: map
        key_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        entry_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VNF]

  tosca.policies.nfv.NsToLevelMapping:
    derived_from: tosca.policies.Root
    properties: *instances-by-level
    targets: [tosca.nodes.nfv.NS]

  tosca.policies.nfv.VirtualLinkToLevelMapping:
    derived_from: tosca.policies.Root
    properties:
      aspect: { type: string }
      bit_rate_requirements:
        type: map
        key_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        entry_schema: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.NsVirtualLink]

  tosca.policies.nfv.NsInstantiationLevels:
    derived_from: tosca.policies.Root
    properties:
      ns_levels:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.NsLevels }
        constraints: [{ min_length: 1 }]
      default_level: { type: string, required: false }

  tosca.policies.nfv.VnfToInstantiationLevelMapping:
    derived_from: tosca.policies.Root
    properties: &instances
      number_of_instances:
        type: map
        entry_schema: { type: integer, constraints: [{ greater_or_equal: 0 }] }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VNF]

  tosca.policies.nfv.NsToInstantiationLevelMapping:
    derived_from: tosca.policies.Root
    properties: *instances
    targets: [tosca.nodes.nfv.NS]

  tosca.policies.nfv.VirtualLinkToInstantiationLevelMapping:
    derived_from: tosca.policies.Root
    properties:
      bit_rate_requirements:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.LinkBitrateRequirements }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.NsVirtualLink]

  tosca.policies.nfv.NsAutoScale:
    derived_from: tosca.policies.Root
    targets: [tosca.nodes.nfv.NS]

  tosca.policies.nfv.DataFlowInfo:
    derived_from: tosca.policies.Root
    properties:
      data_flow_info_id: { type: string }
      associated_mirroring_job_name: { type: string }
      direction: { type: string, constraints: [{ valid_values: [in, out, both] }] }
    targets: [tosca.nodes.nfv.Forwarding, tosca.nodes.nfv.Sap]
`,
  'nfv/sol001/pnfd.yaml': `# ETSI GS NFV-SOL 001: the types of PNF descriptors.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml
  - common.yaml

data_types:
  tosca.datatypes.nfv.CivicAddressElement:
    derived_from: tosca.datatypes.Root
    properties:
      ca_type: { type: string }
      ca_value: { type: string }

  tosca.datatypes.nfv.GeographicCoordinates:
    derived_from: tosca.datatypes.Root
    properties:
      latitude_uncertainty: { type: string, required: false }
      latitude: { type: string }
      longitude_uncertainty: { type: string, required: false }
      longitude: { type: string }
      altitude_type: { type: string }
      altitude_uncertainty: { type: string, required: false }
      altitude: { type: string }

  tosca.datatypes.nfv.LocationInfo:
    derived_from: tosca.datatypes.Root
    properties:
      country_code: { type: string }
      civic_address_element:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.CivicAddressElement }
        required: false
      geographic_coordinates: { type: tosca.datatypes.nfv.GeographicCoordinates, required: false }

node_types:
  tosca.nodes.nfv.PNF:
    derived_from: tosca.nodes.Root
    properties:
      descriptor_id: { type: string }
      function_description: { type: string }
      provider: { type: string }
      version: { type: string }
      descriptor_invariant_id: { type: string }
      ext_invariant_id: { type: string, required: false }
      name: { type: string }
      geographical_location_info: { type: tosca.datatypes.nfv.LocationInfo, required: false }
      version_dependency:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VersionDependency }
        required: false
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]

  tosca.nodes.nfv.PnfExtCp:
    derived_from: tosca.nodes.nfv.Cp
    requirements:
      - external_virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]

policy_types:
  tosca.policies.nfv.PnfSecurityGroupRule:
    derived_from: tosca.policies.nfv.Abstract.SecurityGroupRule
    targets: [tosca.nodes.nfv.PnfExtCp]
`,
  'nfv/sol001/vnfd.yaml': `# ETSI GS NFV-SOL 001: the types of VNF descriptors, with the VNF, VDU and virtual link of the release that asks for it.
tosca_definitions_version: tosca_simple_yaml_1_3

imports:
  - ../../simple-1.2/nodes.yaml
  - ../sol001/common.yaml
  - vnf.yaml

node_types:
  tosca.nodes.nfv.VnfExtCp:
    derived_from: tosca.nodes.nfv.Cp
    properties:
      virtual_network_interface_requirements:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualNetworkInterfaceRequirements }
        required: false
    requirements:
      - external_virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]
      - internal_virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [1, 1]

  tosca.nodes.nfv.Vdu.VirtualBlockStorage:
    derived_from: tosca.nodes.Root
    properties:
      virtual_block_storage_data: { type: tosca.datatypes.nfv.VirtualBlockStorageData }
      sw_image_data: { type: tosca.datatypes.nfv.SwImageData, required: false }
      per_vnfc_instance: { type: boolean, default: true }
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
    capabilities:
      virtual_storage: { type: tosca.capabilities.nfv.VirtualStorage }

  tosca.nodes.nfv.Vdu.VirtualObjectStorage:
    derived_from: tosca.nodes.Root
    properties:
      virtual_object_storage_data: { type: tosca.datatypes.nfv.VirtualObjectStorageData }
      per_vnfc_instance: { type: boolean, default: true }
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
    capabilities:
      virtual_storage: { type: tosca.capabilities.nfv.VirtualStorage }

  tosca.nodes.nfv.Vdu.VirtualFileStorage:
    derived_from: tosca.nodes.Root
    properties:
      virtual_file_storage_data: { type: tosca.datatypes.nfv.VirtualFileStorageData }
      per_vnfc_instance: { type: boolean, default: true }
      nfvi_maintenance_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
    capabilities:
      virtual_storage: { type: tosca.capabilities.nfv.VirtualStorage }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [1, 1]

  tosca.nodes.nfv.VduCp:
    derived_from: tosca.nodes.nfv.Cp
    properties:
      bitrate_requirement: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
      virtual_network_interface_requirements:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VirtualNetworkInterfaceRequirements }
        required: false
      order: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
      vnic_type:
        type: string
        required: false
        constraints:
          - valid_values: [normal, virtio, macvtap, direct, baremetal, virtio-forwarder, direct-physical, smart-nic,
              bridge, ipvlan, loopback, macvlan, ptp, vlan, host-device]
    capabilities:
      trunk_binding: { type: tosca.capabilities.nfv.TrunkBindable, occurrences: [0, UNBOUNDED] }
    requirements:
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [1, 1]
      - virtual_binding:
          capability: tosca.capabilities.nfv.VirtualBindable
          relationship: tosca.relationships.nfv.VirtualBindsTo
          occurrences: [0, 1]

  tosca.nodes.nfv.VduSubCp:
    derived_from: tosca.nodes.nfv.VduCp
    properties:
      segmentation_type: { type: string, required: false, constraints: [{ valid_values: [vlan, inherit] }] }
      segmentation_id: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
    requirements:
      - trunk_binding:
          capability: tosca.capabilities.nfv.TrunkBindable
          relationship: tosca.relationships.nfv.TrunkBindsTo
          node: tosca.nodes.nfv.VduCp
          occurrences: [1, 1]

  tosca.nodes.nfv.VipCp:
    derived_from: tosca.nodes.nfv.Cp
    properties:
      dedicated_ip_address: { type: boolean, default: true }
      vip_function: { type: string, constraints: [{ valid_values: [high_availability, load_balance] }] }
    requirements:
      - target:
          capability: tosca.capabilities.Node
          node: tosca.nodes.nfv.VduCp
          relationship: tosca.relationships.DependsOn
          occurrences: [1, UNBOUNDED]
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VipVirtualLinksTo
          occurrences: [1, 1]

  tosca.nodes.nfv.Vdu.OsContainer:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string }
      requested_cpu_resources: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
      cpu_resource_limit: { type: integer, required: false, constraints: [{ greater_or_equal: 0 }] }
      requested_memory_resources: { type: scalar-unit.size, required: false }
      memory_resource_limit: { type: scalar-unit.size, required: false }
      requested_ephemeral_storage_resources: { type: scalar-unit.size, required: false }
      ephemeral_storage_resource_limit: { type: scalar-unit.size, required: false }
      extended_resource_requests:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.ExtendedResourceData }
        required: false
        constraints: [{ min_length: 1 }]
      huge_pages_resources:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.Hugepages }
        required: false
      cpu_pinning_requirements: { type: tosca.datatypes.nfv.VirtualCpuPinning, required: false }
      # Release 5.
      cpu_power_state_requirements: { type: tosca.datatypes.nfv.CpuPowerState, required: false }
      requested_cpu_resources_valid_values: { type: tosca.datatypes.nfv.IntegerRange, required: false }
      cpu_resource_limit_valid_values: { type: tosca.datatypes.nfv.IntegerRange, required: false }
      requested_memory_resources_valid_values: { type: tosca.datatypes.nfv.SizeRange, required: false }
      memory_resource_limit_valid_values: { type: tosca.datatypes.nfv.SizeRange, required: false }
      requested_ephemeral_storage_resources_valid_values: { type: tosca.datatypes.nfv.SizeRange, required: false }
      ephemeral_storage_resource_limit_valid_values: { type: tosca.datatypes.nfv.SizeRange, required: false }
    capabilities:
      container_deployable: { type: tosca.capabilities.nfv.ContainerDeployable, occurrences: [1, UNBOUNDED] }

  tosca.nodes.nfv.Vdu.OsContainerDeployableUnit:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string }
      logical_node:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.LogicalNodeData }
        required: false
      requested_additional_capabilities:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.RequestedAdditionalCapability }
        required: false
      nfvi_constraints: { type: map, entry_schema: { type: string }, required: false }
      monitoring_parameters:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VnfcMonitoringParameter }
        required: false
      configurable_properties: { type: tosca.datatypes.nfv.VnfcConfigurableProperties, required: false }
      vdu_profile: { type: tosca.datatypes.nfv.VduProfile }
      mcio_constraint_params:
        type: list
        entry_schema:
          type: string
          constraints:
            - valid_values:
                - affinity_nfvi_pop
                - affinity_zone
                - affinity_zone_group
                - affinity_nfvi_node
                - affinity_cis_node
                - anti_affinity_nfvi_pop
                - anti_affinity_zone
                - anti_affinity_zone_group
                - anti_affinity_nfvi_node
                - anti_affinity_cis_node
                - local_affinity_nfvi_pop
                - local_affinity_zone
                - local_affinity_zoneGroup
                - local_affinity_zone_group
                - local_affinity_nfvi_node
                - local_affinity_cis_node
                - local_anti_affinity_nfvi_pop
                - local_anti_affinity_zone
                - local_anti_affinity_zone_group
                - local_anti_affinity_nfvi_node
                - local_anti_affinity_cis_node
                - node_additional_capability_ssd
                - node_additional_capability_dpdk
                - node_additional_capability_sriov
                - node_additional_capability_gpu
                - node_additional_capability_fpga
                - node_additional_capability_cpu_pin
                - node_capability_logical_numa
                - node_pool
        required: false
      # Demanded by release 4 alone.
      mcio_identification_data: { type: tosca.datatypes.nfv.McioIdentificationData, required: false }
      # Demanded by release 5 alone.
      is_num_of_instances_cluster_based: { type: boolean, required: false }
    capabilities:
      virtual_binding: { type: tosca.capabilities.nfv.VirtualBindable, occurrences: [0, UNBOUNDED] }
      associable: { type: tosca.capabilities.nfv.AssociableVdu, occurrences: [1, 1] }
      # Release 5.
      deployable_module_member:
        type: tosca.capabilities.nfv.DeployableModuleMember
        occurrences: [0, UNBOUNDED]
    requirements:
      - virtual_storage:
          capability: tosca.capabilities.nfv.VirtualStorage
          relationship: tosca.relationships.nfv.AttachesTo
          occurrences: [0, UNBOUNDED]
      - container:
          capability: tosca.capabilities.nfv.ContainerDeployable
          relationship: tosca.relationships.nfv.DeploysTo
          # One at least before release 5: since then a package may be all there is of the containers.
          occurrences: [0, UNBOUNDED]
      - associated_paas_service:
          capability: tosca.capabilities.nfv.AssociablePaasService
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]
      - installable_certificate:
          capability: tosca.capabilities.nfv.InstallableCertificate
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]

  tosca.nodes.nfv.Mciop:
    derived_from: tosca.nodes.Root
    capabilities:
      deployable_module_member:
        type: tosca.capabilities.nfv.DeployableModuleMember
        occurrences: [0, UNBOUNDED]
    requirements:
      - associatedVdu:
          capability: tosca.capabilities.nfv.AssociableVdu
          relationship: tosca.relationships.nfv.MciopAssociates
          node: tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
          occurrences: [1, UNBOUNDED]

  tosca.nodes.nfv.VirtualCp:
    derived_from: tosca.nodes.nfv.Cp
    properties:
      additionalServiceData:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.AdditionalServiceData }
        required: false
      address_pool_name_configurable: { type: boolean, default: false }
    requirements:
      - target:
          capability: tosca.capabilities.Node
          relationship: tosca.relationships.DependsOn
          node: tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
          occurrences: [1, UNBOUNDED]
      - virtual_link:
          capability: tosca.capabilities.nfv.VirtualLinkable
          relationship: tosca.relationships.nfv.VirtualLinksTo
          occurrences: [0, 1]

  # Release 5.
  tosca.nodes.nfv.DeployableModule:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      description: { type: string, required: false }
    requirements:
      - member:
          capability: tosca.capabilities.nfv.DeployableModuleMember
          relationship: tosca.relationships.DependsOn
          occurrences: [1, UNBOUNDED]

  tosca.nodes.nfv.Certificate:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string }
      certificate_type: { type: string }
      certificate_base_profile: { type: tosca.datatypes.nfv.CertificateBaseProfile, required: false }
      csr_requirements:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.CSRRequirements }
        required: false
    capabilities:
      installable_certificate:
        type: tosca.capabilities.nfv.InstallableCertificate
        occurrences: [1, UNBOUNDED]

  tosca.nodes.nfv.PaasServiceRequest:
    derived_from: tosca.nodes.Root
    metadata: { outlined: 'true' }
    capabilities:
      associable_paas_service:
        type: tosca.capabilities.nfv.AssociablePaasService
        occurrences: [0, UNBOUNDED]

  tosca.nodes.nfv.PaasServiceProfile:
    derived_from: tosca.nodes.Root
    metadata: { outlined: 'true' }

  tosca.nodes.nfv.VirtualisedResourceDescriptorProfile:
    derived_from: tosca.nodes.Root
    metadata: { outlined: 'true' }

group_types:
  # The standard demands a description; no VNFM does, and descriptors in use leave it out.
  tosca.groups.nfv.PlacementGroup:
    derived_from: tosca.groups.Root
    properties:
      description: { type: string, required: false }
    members:
      - tosca.nodes.nfv.Vdu.Compute
      - tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
      - tosca.nodes.nfv.VnfVirtualLink
      - tosca.nodes.nfv.Mciop
      - tosca.nodes.nfv.PaasServiceRequest

policy_types:
  tosca.policies.nfv.InstantiationLevels:
    derived_from: tosca.policies.Root
    properties:
      levels:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.InstantiationLevel }
        constraints: [{ min_length: 1 }]
      default_level: { type: string, required: false }

  tosca.policies.nfv.VduInstantiationLevels:
    derived_from: tosca.policies.Root
    properties:
      levels:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VduLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.Vdu.Compute, tosca.nodes.nfv.Vdu.OsContainerDeployableUnit]

  tosca.policies.nfv.VirtualLinkInstantiationLevels:
    derived_from: tosca.policies.Root
    properties:
      levels:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VirtualLinkBitrateLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VnfVirtualLink]

  tosca.policies.nfv.VipCpInstantiationLevels:
    derived_from: tosca.policies.Root
    properties:
      levels:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VipCpLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VipCp]

  tosca.policies.nfv.ScalingAspects:
    derived_from: tosca.policies.Root
    properties:
      aspects:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.ScalingAspect }
        constraints: [{ min_length: 1 }]

  tosca.policies.nfv.VduScalingAspectDeltas:
    derived_from: tosca.policies.Root
    properties:
      aspect: { type: string }
      deltas:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VduLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.Vdu.Compute, tosca.nodes.nfv.Vdu.OsContainerDeployableUnit]

  tosca.policies.nfv.VirtualLinkBitrateScalingAspectDeltas:
    derived_from: tosca.policies.Root
    properties:
      aspect: { type: string }
      deltas:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VirtualLinkBitrateLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VnfVirtualLink]

  tosca.policies.nfv.VipCpScalingAspectDeltas:
    derived_from: tosca.policies.Root
    properties:
      aspect: { type: string }
      deltas:
        type: map
        entry_schema: { type: tosca.datatypes.nfv.VipCpLevel }
        constraints: [{ min_length: 1 }]
    targets: [tosca.nodes.nfv.VipCp]

  tosca.policies.nfv.VduInitialDelta:
    derived_from: tosca.policies.Root
    properties:
      initial_delta: { type: tosca.datatypes.nfv.VduLevel }
    targets: [tosca.nodes.nfv.Vdu.Compute, tosca.nodes.nfv.Vdu.OsContainerDeployableUnit]

  tosca.policies.nfv.VirtualLinkBitrateInitialDelta:
    derived_from: tosca.policies.Root
    properties:
      initial_delta: { type: tosca.datatypes.nfv.VirtualLinkBitrateLevel }
    targets: [tosca.nodes.nfv.VnfVirtualLink]

  tosca.policies.nfv.VipCpInitialDelta:
    derived_from: tosca.policies.Root
    properties:
      initial_delta: { type: tosca.datatypes.nfv.VipCpLevel }
    targets: [tosca.nodes.nfv.VipCp]

  tosca.policies.nfv.AffinityRule:
    derived_from: tosca.policies.Placement
    properties: &affinity
      scope:
        type: string
        constraints:
          - valid_values: [nfvi_node, zone, zone_group, nfvi_pop, network_link_and_node, container_namespace, cis_node]
      nfvi_maintenance_group_info: { type: tosca.datatypes.nfv.NfviMaintenanceInfo, required: false }
    targets: &placed
      - tosca.nodes.nfv.Vdu.Compute
      - tosca.nodes.nfv.VnfVirtualLink
      - tosca.groups.nfv.PlacementGroup
      - tosca.nodes.nfv.Mciop
      - tosca.nodes.nfv.Vdu.OsContainerDeployableUnit
      - tosca.nodes.nfv.PaasServiceRequest

  tosca.policies.nfv.AntiAffinityRule:
    derived_from: tosca.policies.Placement
    properties: *affinity
    targets: *placed

  tosca.policies.nfv.SecurityGroupRule:
    derived_from: tosca.policies.nfv.Abstract.SecurityGroupRule
    targets:
      - tosca.nodes.nfv.VduCp
      - tosca.nodes.nfv.VnfExtCp
      - tosca.nodes.nfv.Vdu.OsContainerDeployableUnit

  tosca.policies.nfv.SupportedVnfInterface:
    derived_from: tosca.policies.Root
    properties:
      interface_name:
        type: string
        constraints: [{ valid_values: [vnf_indicator, vnf_configuration, vnf_lcm_coordination] }]
      details: { type: tosca.datatypes.nfv.InterfaceDetails, required: false }
    targets: [tosca.nodes.nfv.VnfExtCp, tosca.nodes.nfv.VduCp]

  tosca.policies.nfv.VnfIndicator:
    derived_from: tosca.policies.Root
    properties:
      source: { type: string, constraints: [{ valid_values: [vnf, em, both_vnf_and_em] }] }
    targets: [tosca.nodes.nfv.VNF]

  tosca.policies.nfv.VnfPackageChange:
    derived_from: tosca.policies.Root
    properties:
      selector:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VnfPackageChangeSelector }
        constraints: [{ min_length: 1 }]
      modification_qualifier: { type: string, constraints: [{ valid_values: [up, down] }] }
      additional_modification_description: { type: string, required: false }
      component_mappings:
        type: list
        entry_schema: { type: tosca.datatypes.nfv.VnfPackageChangeComponentMapping }
        required: false
      destination_flavour_id: { type: string }
      actions: { type: list, entry_schema: { type: string }, required: false }
      referenced_coordination_actions: { type: list, entry_schema: { type: string }, required: false }
    targets: [tosca.nodes.nfv.VNF]

  tosca.policies.nfv.LcmCoordinationAction:
    derived_from: tosca.policies.Root
    properties:
      action_name: { type: string }
      action: { type: tosca.datatypes.nfv.VnfLcmOpCoord }

  tosca.policies.nfv.LcmCoordinationsForLcmOperation:
    derived_from: tosca.policies.Root
    properties:
      vnf_lcm_operation:
        type: string
        constraints:
          - valid_values: [instantiate, scale, scale_to_level, change_flavour, terminate, heal, operate,
              change_ext_conn, modify_info, create_snapshot, revert_to_snapshot]
      actions: { type: list, entry_schema: { type: string }, required: false }
      referenced_coordination_actions: { type: list, entry_schema: { type: string }, required: false }
`,
  'simple-1.0/hosts.yaml': `# TOSCA Simple Profile in YAML, 1.0 and 1.1: the nodes that host others.
# The standard limits what each may host (valid_source_types); no validator in use does, and files rely on that. So is
# the capability that those hosted require the Container of 1.0 throughout: types in use refine it to either.
tosca_definitions_version: tosca_simple_yaml_1_0

imports:
  - ../simple/base.yaml

node_types:
  tosca.nodes.Abstract.Compute:
    derived_from: tosca.nodes.Root
    capabilities:
      host: { type: tosca.capabilities.Container }

  tosca.nodes.Compute:
    derived_from: tosca.nodes.Abstract.Compute
    attributes:
      private_address: { type: string }
      public_address: { type: string }
      networks: { type: map, entry_schema: { type: tosca.datatypes.network.NetworkInfo } }
      ports: { type: map, entry_schema: { type: tosca.datatypes.network.PortInfo } }
    capabilities:
      host: { type: tosca.capabilities.Container }
      endpoint: { type: tosca.capabilities.Endpoint.Admin }
      os: { type: tosca.capabilities.OperatingSystem }
      scalable: { type: tosca.capabilities.Scalable }
      binding: { type: tosca.capabilities.network.Bindable }
    requirements:
      - local_storage:
          capability: tosca.capabilities.Attachment
          node: tosca.nodes.BlockStorage
          relationship: tosca.relationships.AttachesTo
          occurrences: [0, UNBOUNDED]

  tosca.nodes.SoftwareComponent:
    derived_from: tosca.nodes.Root
    properties:
      component_version: { type: version, required: false }
      admin_credential: { type: tosca.datatypes.Credential, required: false }
    requirements:
      - host:
          capability: tosca.capabilities.Container
          node: tosca.nodes.Compute
          relationship: tosca.relationships.HostedOn

  tosca.nodes.WebServer:
    derived_from: tosca.nodes.SoftwareComponent
    capabilities:
      data_endpoint: { type: tosca.capabilities.Endpoint }
      admin_endpoint: { type: tosca.capabilities.Endpoint.Admin }
      host: { type: tosca.capabilities.Container }

  tosca.nodes.DBMS:
    derived_from: tosca.nodes.SoftwareComponent
    properties:
      root_password: { type: string, required: false }
      port: { type: integer, required: false }
    capabilities:
      host: { type: tosca.capabilities.Container }
`,
  'simple-1.2/hosts.yaml': `# TOSCA Simple Profile in YAML, 1.2 and 1.3: the nodes that host others.
# The standard limits what each may host (valid_source_types); no validator in use does, and files rely on that. So is
# the capability that those hosted require the Container of 1.0 throughout: types in use refine it to either.
tosca_definitions_version: tosca_simple_yaml_1_2

imports:
  - ../simple/base.yaml

node_types:
  tosca.nodes.Abstract.Compute:
    derived_from: tosca.nodes.Root
    capabilities:
      host: { type: tosca.capabilities.Compute }

  tosca.nodes.Compute:
    derived_from: tosca.nodes.Abstract.Compute
    attributes:
      private_address: { type: string }
      public_address: { type: string }
      networks: { type: map, entry_schema: { type: tosca.datatypes.network.NetworkInfo } }
      ports: { type: map, entry_schema: { type: tosca.datatypes.network.PortInfo } }
    capabilities:
      host: { type: tosca.capabilities.Compute }
      endpoint: { type: tosca.capabilities.Endpoint.Admin }
      os: { type: tosca.capabilities.OperatingSystem }
      scalable: { type: tosca.capabilities.Scalable }
      binding: { type: tosca.capabilities.network.Bindable }
    requirements:
      - local_storage:
          capability: tosca.capabilities.Attachment
          node: tosca.nodes.BlockStorage
          relationship: tosca.relationships.AttachesTo
          occurrences: [0, UNBOUNDED]

  tosca.nodes.SoftwareComponent:
    derived_from: tosca.nodes.Root
    properties:
      component_version: { type: version, required: false }
      admin_credential: { type: tosca.datatypes.Credential, required: false }
    requirements:
      - host:
          capability: tosca.capabilities.Container
          node: tosca.nodes.Compute
          relationship: tosca.relationships.HostedOn

  tosca.nodes.WebServer:
    derived_from: tosca.nodes.SoftwareComponent
    capabilities:
      data_endpoint: { type: tosca.capabilities.Endpoint }
      admin_endpoint: { type: tosca.capabilities.Endpoint.Admin }
      host: { type: tosca.capabilities.Compute }

  tosca.nodes.DBMS:
    derived_from: tosca.nodes.SoftwareComponent
    properties:
      root_password: { type: string, required: false }
      port: { type: integer, required: false }
    capabilities:
      host: { type: tosca.capabilities.Compute }
`,
  'simple-2.0/profile.yaml': `# TOSCA Simple Profile 2.0: the normative types of 1.3 in the words of TOSCA 2.0. Nothing of it is known to a file that
# does not import it.
tosca_definitions_version: tosca_2_0

profile: org.oasis-open.simple:2.0

data_types:
  # The scalar units of 1.x, which 2.0 leaves to profiles.
  scalar-unit.size:
    derived_from: scalar
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
  scalar-unit.time:
    derived_from: scalar
    units: { d: 86400, h: 3600, m: 60, s: 1, ms: 0.001, us: 0.000001, ns: 0.000000001 }
    canonical_unit: s
  scalar-unit.frequency:
    derived_from: scalar
    units: { Hz: 1, kHz: 1000, MHz: 1000000, GHz: 1000000000 }
    canonical_unit: Hz
  scalar-unit.bitrate:
    derived_from: scalar
    units:
      bps: 1
      Kbps: 1000
      Kibps: 1024
      Mbps: 1000000
      Mibps: 1048576
      Gbps: 1000000000
      Gibps: 1073741824
      Tbps: 1000000000000
      Tibps: 1099511627776
      Bps: 8
      KBps: 8000
      KiBps: 8192
      MBps: 8000000
      MiBps: 8388608
      GBps: 8000000000
      GiBps: 8589934592
      TBps: 8000000000000
      TiBps: 8796093022208
    canonical_unit: bps

  json: { derived_from: string }
  xml: { derived_from: string }

  Credential:
    properties:
      protocol: { type: string, required: false }
      token_type: { type: string, default: password }
      token: { type: string }
      keys: { type: map, entry_schema: { type: string }, required: false }
      user: { type: string, required: false }

  TimeInterval:
    properties:
      start_time: { type: timestamp }
      end_time: { type: timestamp }

  NetworkInfo:
    properties:
      network_name: { type: string, required: false }
      network_id: { type: string, required: false }
      addresses: { type: list, entry_schema: { type: string }, required: false }

  PortInfo:
    properties:
      port_name: { type: string, required: false }
      port_id: { type: string, required: false }
      network_id: { type: string, required: false }
      mac_address: { type: string, required: false }
      addresses: { type: list, entry_schema: { type: string }, required: false }

  PortDef:
    derived_from: integer
    validation: { $and: [{ $greater_or_equal: [$value, 1] }, { $less_or_equal: [$value, 65535] }] }

  PortSpec:
    properties:
      protocol: { type: string, default: tcp, validation: { $valid_values: [$value, [udp, tcp, igmp]] } }
      source: { type: PortDef, required: false }
      source_range: { type: range, required: false }
      target: { type: PortDef, required: false }
      target_range: { type: range, required: false }

artifact_types:
  Root: {}
  File: { derived_from: Root }
  Deployment: { derived_from: Root }
  Deployment.Image: { derived_from: Deployment }
  Deployment.Image.VM: { derived_from: Deployment.Image }
  Deployment.Image.Container.Docker: { derived_from: Deployment.Image }
  Implementation: { derived_from: Root }
  Bash: { derived_from: Implementation, mime_type: application/x-sh, file_ext: [sh] }
  Python: { derived_from: Implementation, mime_type: application/x-python, file_ext: [py] }
  Template: { derived_from: Root }

capability_types:
  Root: {}
  Node: { derived_from: Root }
  Container: { derived_from: Root }

  Compute:
    derived_from: Container
    properties:
      name: { type: string, required: false }
      num_cpus: { type: integer, required: false, validation: { $greater_or_equal: [$value, 1] } }
      cpu_frequency:
        type: scalar-unit.frequency
        required: false
        validation: { $greater_or_equal: [$value, 0.1 GHz] }
      disk_size: { type: scalar-unit.size, required: false, validation: { $greater_or_equal: [$value, 0 MB] } }
      mem_size: { type: scalar-unit.size, required: false, validation: { $greater_or_equal: [$value, 0 MB] } }

  Network:
    derived_from: Root
    properties:
      name: { type: string, required: false }

  Storage:
    derived_from: Root
    properties:
      name: { type: string, required: false }

  Endpoint:
    derived_from: Root
    properties:
      protocol: { type: string, default: tcp }
      port: { type: PortDef, required: false }
      secure: { type: boolean, default: false, required: false }
      url_path: { type: string, required: false }
      port_name: { type: string, required: false }
      network_name: { type: string, default: PRIVATE, required: false }
      initiator:
        type: string
        default: source
        required: false
        validation: { $valid_values: [$value, [source, target, peer]] }
      ports: { type: map, entry_schema: { type: PortSpec }, required: false }
    attributes:
      ip_address: { type: string }

  Endpoint.Public:
    derived_from: Endpoint
    properties:
      network_name: { type: string, default: PUBLIC, validation: { $equal: [$value, PUBLIC] } }
      floating: { type: boolean, default: false }
      dns_name: { type: string, required: false }

  Endpoint.Admin:
    derived_from: Endpoint
    properties:
      secure: { type: boolean, default: true, validation: { $equal: [$value, true] } }

  Endpoint.Database: { derived_from: Endpoint }
  Attachment: { derived_from: Root }

  OperatingSystem:
    derived_from: Root
    properties:
      architecture: { type: string, required: false }
      type: { type: string, required: false }
      distribution: { type: string, required: false }
      version: { type: version, required: false }

  Scalable:
    derived_from: Root
    properties:
      min_instances: { type: integer, default: 1 }
      max_instances: { type: integer, default: 1 }
      default_instances: { type: integer, required: false }

  Bindable: { derived_from: Node }
  Linkable: { derived_from: Node }

interface_types:
  Root: {}

  Lifecycle.Standard:
    derived_from: Root
    operations:
      create: {}
      configure: {}
      start: {}
      modify: {}
      stop: {}
      delete: {}

  Relationship.Configure:
    derived_from: Root
    operations:
      pre_configure_source: {}
      pre_configure_target: {}
      post_configure_source: {}
      post_configure_target: {}
      add_target: {}
      add_source: {}
      target_changed: {}
      remove_target: {}
      remove_source: {}

relationship_types:
  Root:
    attributes:
      state: { type: string, default: initial }
    interfaces:
      Configure: { type: Relationship.Configure }

  DependsOn: { derived_from: Root, valid_capability_types: [Node] }
  HostedOn: { derived_from: Root, valid_capability_types: [Container] }

  ConnectsTo:
    derived_from: Root
    valid_capability_types: [Endpoint]
    properties:
      credential: { type: Credential, required: false }

  AttachesTo:
    derived_from: Root
    valid_capability_types: [Attachment]
    properties:
      location: { type: string, validation: { $greater_or_equal: [{ $length: [$value] }, 1] } }
      device: { type: string, required: false }
    attributes:
      device_name: { type: string }

  RoutesTo: { derived_from: ConnectsTo, valid_capability_types: [Endpoint] }
  LinksTo: { derived_from: DependsOn, valid_capability_types: [Linkable] }
  BindsTo: { derived_from: DependsOn, valid_capability_types: [Bindable] }

node_types:
  Root:
    attributes:
      state: { type: string, default: initial }
    capabilities:
      feature: { type: Node }
    requirements:
      - dependency: { capability: Node, node: Root, relationship: DependsOn, count_range: [0, UNBOUNDED] }
    interfaces:
      Standard: { type: Lifecycle.Standard }

  Abstract.Compute:
    derived_from: Root
    capabilities:
      host: { type: Compute }

  Compute:
    derived_from: Abstract.Compute
    attributes:
      private_address: { type: string }
      public_address: { type: string }
      networks: { type: map, entry_schema: { type: NetworkInfo } }
      ports: { type: map, entry_schema: { type: PortInfo } }
    capabilities:
      host: { type: Compute }
      endpoint: { type: Endpoint.Admin }
      os: { type: OperatingSystem }
      scalable: { type: Scalable }
      binding: { type: Bindable }
    requirements:
      - local_storage:
          capability: Attachment
          node: Storage.BlockStorage
          relationship: AttachesTo
          count_range: [0, UNBOUNDED]

  SoftwareComponent:
    derived_from: Root
    properties:
      component_version: { type: version, required: false }
      admin_credential: { type: Credential, required: false }
    requirements:
      - host: { capability: Compute, node: Compute, relationship: HostedOn, count_range: [0, 1] }

  WebServer:
    derived_from: SoftwareComponent
    capabilities:
      data_endpoint: { type: Endpoint }
      admin_endpoint: { type: Endpoint.Admin }
      host: { type: Compute }

  WebApplication:
    derived_from: Root
    properties:
      context_root: { type: string, required: false }
    capabilities:
      app_endpoint: { type: Endpoint }
    requirements:
      - host: { capability: Compute, node: WebServer, relationship: HostedOn, count_range: [1, 1] }

  DBMS:
    derived_from: SoftwareComponent
    properties:
      root_password: { type: string, required: false }
      port: { type: integer, required: false }
    capabilities:
      host: { type: Compute }

  Database:
    derived_from: Root
    properties:
      name: { type: string }
      port: { type: integer, required: false }
      user: { type: string, required: false }
      password: { type: string, required: false }
    capabilities:
      database_endpoint: { type: Endpoint.Database }
    requirements:
      - host: { capability: Compute, node: DBMS, relationship: HostedOn, count_range: [1, 1] }

  Abstract.Storage:
    derived_from: Root
    properties:
      name: { type: string, required: false }
      size: { type: scalar-unit.size, required: false, validation: { $greater_or_equal: [$value, 0 MB] } }

  Storage.ObjectStorage:
    derived_from: Abstract.Storage
    properties:
      name: { type: string, required: true }
      maxsize: { type: scalar-unit.size, required: false, validation: { $greater_or_equal: [$value, 0 GB] } }
    capabilities:
      storage_endpoint: { type: Endpoint }

  Storage.BlockStorage:
    derived_from: Abstract.Storage
    properties:
      volume_id: { type: string, required: false }
      snapshot_id: { type: string, required: false }
    capabilities:
      attachment: { type: Attachment }

  Container.Runtime:
    derived_from: SoftwareComponent
    capabilities:
      host: { type: Compute }
      scalable: { type: Scalable }

  Container.Application:
    derived_from: Root
    requirements:
      - host: { capability: Compute, node: Container.Runtime, relationship: HostedOn, count_range: [1, 1] }

  Network:
    derived_from: Root
    properties:
      ip_version: { type: integer, default: 4, required: false, validation: { $valid_values: [$value, [4, 6]] } }
      cidr: { type: string, required: false }
      start_ip: { type: string, required: false }
      end_ip: { type: string, required: false }
      gateway_ip: { type: string, required: false }
      network_name: { type: string, required: false }
      network_id: { type: string, required: false }
      segmentation_id: { type: string, required: false }
      network_type: { type: string, required: false }
      physical_network: { type: string, required: false }
      dhcp_enabled: { type: boolean, default: true, required: false }
    attributes:
      assigned_segmentation_id: { type: string }
    capabilities:
      link: { type: Linkable }

  Port:
    derived_from: Root
    properties:
      ip_address: { type: string, required: false }
      order: { type: integer, default: 0, required: false, validation: { $greater_or_equal: [$value, 0] } }
      is_default: { type: boolean, default: false, required: false }
      ip_range_start: { type: string, required: false }
      ip_range_end: { type: string, required: false }
    attributes:
      assigned_ip_address: { type: string }
    requirements:
      - link: { capability: Linkable, relationship: LinksTo, count_range: [1, 1] }
      - binding: { capability: Bindable, relationship: BindsTo, count_range: [1, 1] }

  LoadBalancer:
    derived_from: Root
    properties:
      algorithm: { type: string, required: false }
    capabilities:
      client: { type: Endpoint.Public }
    requirements:
      - application: { capability: Endpoint, relationship: RoutesTo, count_range: [0, UNBOUNDED] }

group_types:
  Root: { members: [Root] }

policy_types:
  Root: {}
  Placement: { derived_from: Root }
  Scaling: { derived_from: Root }
  Update: { derived_from: Root }
  Performance: { derived_from: Root }
`,
  'simple/base.yaml': `# TOSCA Simple Profile in YAML, 1.0 to 1.3: the normative types that are the same in every version.
# A type that a later version added is here for the earlier ones too: files in use mix them.
tosca_definitions_version: tosca_simple_yaml_1_0

# The standard derives the root of every kind from tosca.entity.Root, which has nothing.
data_types:
  tosca.entity.Root: {}
  tosca.datatypes.Root: { derived_from: tosca.entity.Root }

  tosca.datatypes.json: { derived_from: string }
  tosca.datatypes.xml: { derived_from: string }

  tosca.datatypes.Credential:
    derived_from: tosca.datatypes.Root
    properties:
      protocol: { type: string, required: false }
      token_type: { type: string, default: password }
      token: { type: string }
      keys: { type: map, entry_schema: { type: string }, required: false }
      user: { type: string, required: false }

  tosca.datatypes.TimeInterval:
    derived_from: tosca.datatypes.Root
    properties:
      start_time: { type: timestamp }
      end_time: { type: timestamp }

  tosca.datatypes.network.NetworkInfo:
    derived_from: tosca.datatypes.Root
    properties:
      network_name: { type: string, required: false }
      network_id: { type: string, required: false }
      addresses: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.network.PortInfo:
    derived_from: tosca.datatypes.Root
    properties:
      port_name: { type: string, required: false }
      port_id: { type: string, required: false }
      network_id: { type: string, required: false }
      mac_address: { type: string, required: false }
      addresses: { type: list, entry_schema: { type: string }, required: false }

  tosca.datatypes.network.PortDef:
    derived_from: integer
    constraints:
      - in_range: [1, 65535]

  tosca.datatypes.network.PortSpec:
    derived_from: tosca.datatypes.Root
    properties:
      protocol: { type: string, default: tcp, constraints: [{ valid_values: [udp, tcp, igmp] }] }
      source: { type: tosca.datatypes.network.PortDef, required: false }
      source_range: { type: range, constraints: [{ in_range: [1, 65535] }], required: false }
      target: { type: tosca.datatypes.network.PortDef, required: false }
      target_range: { type: range, constraints: [{ in_range: [1, 65535] }], required: false }

artifact_types:
  tosca.entity.Root: {}
  tosca.artifacts.Root: { derived_from: tosca.entity.Root }
  tosca.artifacts.File: { derived_from: tosca.artifacts.Root }

  tosca.artifacts.Deployment: { derived_from: tosca.artifacts.Root }
  tosca.artifacts.Deployment.Image: { derived_from: tosca.artifacts.Deployment }
  tosca.artifacts.Deployment.Image.VM: { derived_from: tosca.artifacts.Deployment.Image }
  tosca.artifacts.Deployment.Image.VM.ISO:
    derived_from: tosca.artifacts.Deployment.Image.VM
    mime_type: application/octet-stream
    file_ext: [iso]
  tosca.artifacts.Deployment.Image.VM.QCOW2:
    derived_from: tosca.artifacts.Deployment.Image.VM
    mime_type: application/octet-stream
    file_ext: [qcow2]
  tosca.artifacts.Deployment.Image.Container.Docker: { derived_from: tosca.artifacts.Deployment.Image }

  tosca.artifacts.Implementation: { derived_from: tosca.artifacts.Root }
  tosca.artifacts.Implementation.Bash:
    derived_from: tosca.artifacts.Implementation
    mime_type: application/x-sh
    file_ext: [sh]
  tosca.artifacts.Implementation.Python:
    derived_from: tosca.artifacts.Implementation
    mime_type: application/x-python
    file_ext: [py]

  tosca.artifacts.template: { derived_from: tosca.artifacts.Root }

capability_types:
  tosca.entity.Root: {}
  tosca.capabilities.Root: { derived_from: tosca.entity.Root }
  tosca.capabilities.Node: { derived_from: tosca.capabilities.Root }

  # From 1.2 on the sizes are the Compute capability's; files of any version give them to Container.
  tosca.capabilities.Container:
    derived_from: tosca.capabilities.Root
    properties:
      num_cpus: { type: integer, required: false, constraints: [{ greater_or_equal: 1 }] }
      cpu_frequency:
        type: scalar-unit.frequency
        required: false
        constraints: [{ greater_or_equal: 0.1 GHz }]
      disk_size: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 MB }] }
      mem_size: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 MB }] }

  tosca.capabilities.Compute:
    derived_from: tosca.capabilities.Container
    properties:
      name: { type: string, required: false }

  tosca.capabilities.Network:
    derived_from: tosca.capabilities.Root
    properties:
      name: { type: string, required: false }

  tosca.capabilities.Storage:
    derived_from: tosca.capabilities.Root
    properties:
      name: { type: string, required: false }

  tosca.capabilities.Endpoint:
    derived_from: tosca.capabilities.Root
    properties:
      protocol: { type: string, default: tcp }
      port: { type: tosca.datatypes.network.PortDef, required: false }
      secure: { type: boolean, default: false, required: false }
      url_path: { type: string, required: false }
      port_name: { type: string, required: false }
      network_name: { type: string, default: PRIVATE, required: false }
      initiator:
        type: string
        default: source
        constraints: [{ valid_values: [source, target, peer] }]
        required: false
      ports:
        type: map
        entry_schema: { type: tosca.datatypes.network.PortSpec }
        constraints: [{ min_length: 1 }]
        required: false
    attributes:
      ip_address: { type: string }

  tosca.capabilities.Endpoint.Public:
    derived_from: tosca.capabilities.Endpoint
    properties:
      network_name: { type: string, default: PUBLIC, constraints: [{ equal: PUBLIC }] }
      floating: { type: boolean, default: false, status: experimental }
      dns_name: { type: string, required: false, status: experimental }

  tosca.capabilities.Endpoint.Admin:
    derived_from: tosca.capabilities.Endpoint
    properties:
      secure: { type: boolean, default: true, constraints: [{ equal: true }] }

  tosca.capabilities.Endpoint.Database: { derived_from: tosca.capabilities.Endpoint }

  tosca.capabilities.Attachment: { derived_from: tosca.capabilities.Root }

  tosca.capabilities.OperatingSystem:
    derived_from: tosca.capabilities.Root
    properties:
      architecture: { type: string, required: false }
      type: { type: string, required: false }
      distribution: { type: string, required: false }
      version: { type: version, required: false }

  tosca.capabilities.Scalable:
    derived_from: tosca.capabilities.Root
    properties:
      min_instances: { type: integer, default: 1 }
      max_instances: { type: integer, default: 1 }
      default_instances: { type: integer, required: false }

  tosca.capabilities.network.Bindable: { derived_from: tosca.capabilities.Node }
  tosca.capabilities.network.Linkable: { derived_from: tosca.capabilities.Node }

  # Of the standards' appendix on containers, in wide use.
  tosca.capabilities.Container.Docker:
    derived_from: tosca.capabilities.Compute
    properties:
      version: { type: list, entry_schema: { type: version }, required: false }
      publish_all: { type: boolean, default: false, required: false }
      publish_ports: { type: list, entry_schema: { type: tosca.datatypes.network.PortSpec }, required: false }
      expose_ports: { type: list, entry_schema: { type: tosca.datatypes.network.PortSpec }, required: false }
      volumes: { type: list, entry_schema: { type: string }, required: false }
      host_id: { type: string, required: false }
      volume_id: { type: string, required: false }

interface_types:
  tosca.entity.Root: {}
  tosca.interfaces.Root: { derived_from: tosca.entity.Root }

  tosca.interfaces.node.lifecycle.Standard:
    derived_from: tosca.interfaces.Root
    create: {}
    configure: {}
    start: {}
    stop: {}
    delete: {}

  tosca.interfaces.relationship.Configure:
    derived_from: tosca.interfaces.Root
    pre_configure_source: {}
    pre_configure_target: {}
    post_configure_source: {}
    post_configure_target: {}
    add_target: {}
    add_source: {}
    target_changed: {}
    remove_target: {}
    remove_source: {}

relationship_types:
  tosca.entity.Root: {}

  tosca.relationships.Root:
    derived_from: tosca.entity.Root
    attributes:
      tosca_id: { type: string }
      tosca_name: { type: string }
      state: { type: string, default: initial }
    interfaces:
      Configure: { type: tosca.interfaces.relationship.Configure }

  tosca.relationships.DependsOn:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.Node]

  tosca.relationships.HostedOn:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.Container]

  tosca.relationships.ConnectsTo:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.Endpoint]
    properties:
      credential: { type: tosca.datatypes.Credential, required: false }

  tosca.relationships.AttachesTo:
    derived_from: tosca.relationships.Root
    valid_target_types: [tosca.capabilities.Attachment]
    properties:
      location: { type: string, constraints: [{ min_length: 1 }] }
      device: { type: string, required: false }
    attributes:
      device: { type: string }

  tosca.relationships.RoutesTo:
    derived_from: tosca.relationships.ConnectsTo
    valid_target_types: [tosca.capabilities.Endpoint]

  tosca.relationships.network.LinksTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.network.Linkable]

  tosca.relationships.network.BindsTo:
    derived_from: tosca.relationships.DependsOn
    valid_target_types: [tosca.capabilities.network.Bindable]

group_types:
  tosca.entity.Root: {}

  tosca.groups.Root:
    derived_from: tosca.entity.Root
    interfaces:
      Standard: { type: tosca.interfaces.node.lifecycle.Standard }

policy_types:
  tosca.entity.Root: {}
  tosca.policies.Root: { derived_from: tosca.entity.Root }
  tosca.policies.Placement: { derived_from: tosca.policies.Root }
  tosca.policies.Scaling: { derived_from: tosca.policies.Root }
  tosca.policies.Update: { derived_from: tosca.policies.Root }
  tosca.policies.Performance: { derived_from: tosca.policies.Root }
  # Of no version of the standard, but taken for granted by files in use.
  tosca.policies.Monitoring: { derived_from: tosca.policies.Root }

node_types:
  tosca.entity.Root: {}

  tosca.nodes.Root:
    derived_from: tosca.entity.Root
    attributes:
      tosca_id: { type: string }
      tosca_name: { type: string }
      state: { type: string, default: initial }
    capabilities:
      feature: { type: tosca.capabilities.Node }
    requirements:
      - dependency:
          capability: tosca.capabilities.Node
          node: tosca.nodes.Root
          relationship: tosca.relationships.DependsOn
          occurrences: [0, UNBOUNDED]
    interfaces:
      Standard: { type: tosca.interfaces.node.lifecycle.Standard }

  tosca.nodes.Abstract.Storage:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string, required: false }
      size: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 MB }] }

  tosca.nodes.ObjectStorage:
    derived_from: tosca.nodes.Abstract.Storage
    properties:
      name: { type: string, required: true }
      maxsize: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 0 GB }] }
    capabilities:
      storage_endpoint: { type: tosca.capabilities.Endpoint }

  # The size may be left out where volume_id names an existing volume.
  tosca.nodes.BlockStorage:
    derived_from: tosca.nodes.Abstract.Storage
    properties:
      size: { type: scalar-unit.size, required: false, constraints: [{ greater_or_equal: 1 MB }] }
      volume_id: { type: string, required: false }
      snapshot_id: { type: string, required: false }
    attributes:
      volume_id: { type: string }
    capabilities:
      attachment: { type: tosca.capabilities.Attachment }

  # The names of 1.2 and 1.3; derived, so that a requirement for the old name takes the new one.
  tosca.nodes.Storage.ObjectStorage: { derived_from: tosca.nodes.ObjectStorage }
  tosca.nodes.Storage.BlockStorage: { derived_from: tosca.nodes.BlockStorage }

  tosca.nodes.network.Network:
    derived_from: tosca.nodes.Root
    properties:
      ip_version: { type: integer, default: 4, required: false, constraints: [{ valid_values: [4, 6] }] }
      cidr: { type: string, required: false }
      start_ip: { type: string, required: false }
      end_ip: { type: string, required: false }
      gateway_ip: { type: string, required: false }
      network_name: { type: string, required: false }
      network_id: { type: string, required: false }
      segmentation_id: { type: string, required: false }
      network_type: { type: string, required: false }
      physical_network: { type: string, required: false }
      dhcp_enabled: { type: boolean, default: true, required: false }
    attributes:
      segmentation_id: { type: string }
    capabilities:
      link: { type: tosca.capabilities.network.Linkable }

  tosca.nodes.LoadBalancer:
    derived_from: tosca.nodes.Root
    properties:
      algorithm: { type: string, required: false, status: experimental }
    capabilities:
      client: { type: tosca.capabilities.Endpoint.Public, occurrences: [0, UNBOUNDED] }
    requirements:
      - application:
          capability: tosca.capabilities.Endpoint
          relationship: tosca.relationships.RoutesTo
          occurrences: [0, UNBOUNDED]
`,
  'simple/nodes.yaml': `# TOSCA Simple Profile in YAML, 1.0 to 1.3: the whole profile, with the hosts of the version that asks for it.
tosca_definitions_version: tosca_simple_yaml_1_0

imports:
  - ../simple/base.yaml
  - hosts.yaml

node_types:
  tosca.nodes.WebApplication:
    derived_from: tosca.nodes.Root
    properties:
      context_root: { type: string, required: false }
    capabilities:
      app_endpoint: { type: tosca.capabilities.Endpoint }
    requirements:
      - host:
          capability: tosca.capabilities.Container
          node: tosca.nodes.WebServer
          relationship: tosca.relationships.HostedOn

  # The standard demands the name, and leaves it out in its own examples.
  tosca.nodes.Database:
    derived_from: tosca.nodes.Root
    properties:
      name: { type: string, required: false }
      port: { type: integer, required: false }
      user: { type: string, required: false }
      password: { type: string, required: false }
    capabilities:
      database_endpoint: { type: tosca.capabilities.Endpoint.Database }
    requirements:
      - host:
          capability: tosca.capabilities.Container
          node: tosca.nodes.DBMS
          relationship: tosca.relationships.HostedOn

  tosca.nodes.Container.Runtime:
    derived_from: tosca.nodes.SoftwareComponent
    capabilities:
      host: { type: tosca.capabilities.Container }
      scalable: { type: tosca.capabilities.Scalable }

  # Storage and network came with 1.2; no orchestrator in use insists on them.
  tosca.nodes.Container.Application:
    derived_from: tosca.nodes.Root
    requirements:
      - host:
          capability: tosca.capabilities.Container
          node: tosca.nodes.Container.Runtime
          relationship: tosca.relationships.HostedOn
      - storage: { capability: tosca.capabilities.Storage, occurrences: [0, UNBOUNDED] }
      - network: { capability: tosca.capabilities.Network, occurrences: [0, UNBOUNDED] }

  # Of the standards' appendix on containers.
  tosca.nodes.Container.Runtime.Docker:
    derived_from: tosca.nodes.Container.Runtime
    capabilities:
      host: { type: tosca.capabilities.Container.Docker }

  # There it requires a Container.Docker; templates in use give it a plain runtime.
  tosca.nodes.Container.Application.Docker: { derived_from: tosca.nodes.Container.Application }

  tosca.nodes.network.Port:
    derived_from: tosca.nodes.Root
    properties:
      ip_address: { type: string, required: false }
      order: { type: integer, default: 0, required: false, constraints: [{ greater_or_equal: 0 }] }
      is_default: { type: boolean, default: false, required: false }
      ip_range_start: { type: string, required: false }
      ip_range_end: { type: string, required: false }
    attributes:
      ip_address: { type: string }
    requirements:
      - link:
          capability: tosca.capabilities.network.Linkable
          relationship: tosca.relationships.network.LinksTo
      - binding:
          capability: tosca.capabilities.network.Bindable
          relationship: tosca.relationships.network.BindsTo

  # Of no version of the standard, but taken for granted by files in use.
  tosca.nodes.network.FloatingIP:
    derived_from: tosca.nodes.Root
    properties:
      floating_network: { type: string }
      floating_ip_address: { type: string, required: false }
      port_id: { type: string, required: false }
    requirements:
      - link:
          capability: tosca.capabilities.Node
          node: tosca.nodes.network.Port
          relationship: tosca.relationships.DependsOn
`,
};
