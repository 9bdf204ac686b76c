{
  'targets': [
    {
      'target_name': 'underware_libbpf',
      'sources': [
        'src/native/addon.cc',
        'src/native/failure.cc',
        'src/native/link.cc',
        'src/native/map.cc',
        'src/native/object.cc',
        'src/native/probe.cc',
        'src/native/program.cc',
        'src/native/query.cc',
        'src/native/ring_buffer.cc',
        'src/native/run_time_stats.cc',
      ],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      'defines': ['NAPI_VERSION=8', 'NODE_ADDON_API_CPP_EXCEPTIONS'],
      'cflags!': ['-fno-exceptions'],
      'cflags_cc!': ['-fno-exceptions', '-std=gnu++17', '-std=gnu++20'],
      'cflags_cc': ['-std=gnu++20', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-missing-field-initializers', '-fvisibility=hidden'],
      'libraries': ['-lbpf'],
      'ldflags': ["-Wl,-rpath,'$$ORIGIN'"],
      # libbpf is shipped beside the addon: the system's may be older than the one it was built with.
      'actions': [
        {
          'action_name': 'ship_libbpf',
          'inputs': ["<!(realpath \"$(${CC:-cc} -print-file-name=libbpf.so)\")"],
          'outputs': ['<(PRODUCT_DIR)/libbpf.so.1'],
          'action': ['cp', '-L', '<@(_inputs)', '<@(_outputs)'],
        },
      ],
    },
  ],
}
