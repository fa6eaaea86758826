/** The names under which a setting stands in one place; null where the program has none there. */
export interface SettingNames {
  /** More than one where it isn't known which the program has. */
  readonly suites: readonly string[];
  readonly minVersion: string;
  readonly maxVersion: string | null;
}

/** Where a component takes its TLS settings from. */
export interface TlsOptions {
  readonly flags: SettingNames;
  /** A suite flag given twice: pflag's lists grow, the last value of etcd's counts. */
  readonly repeatedSuites: 'append' | 'last';
  /** The file it reads them from as well, named by a flag. */
  readonly file: {
    readonly flag: string;
    /** A flag for a directory of files that go over this one; null: there is none. */
    readonly directoryFlag: string | null;
    readonly keys: SettingNames;
    /** `under-flags`: flags go before it. `alone`: with it neither flags nor environment count. */
    readonly precedence: 'under-flags' | 'alone';
  } | null;
  /** Each flag has a variable, which counts where the flag is not given. */
  readonly variables: (SettingNames & { readonly file: string }) | null;
}

/** k8s.io/apiserver, SecureServingOptions */
const KUBERNETES: TlsOptions = {
  flags: { suites: ['tls-cipher-suites'], minVersion: 'tls-min-version', maxVersion: null },
  repeatedSuites: 'append',
  file: null,
  variables: null,
};

/** k8s.io/kubelet, KubeletConfiguration (kubelet.config.k8s.io/v1beta1) */
const KUBELET: TlsOptions = {
  ...KUBERNETES,
  file: {
    flag: 'config',
    directoryFlag: 'config-dir',
    keys: { suites: ['tlsCipherSuites'], minVersion: 'tlsMinVersion', maxVersion: null },
    precedence: 'under-flags',
  },
};

const ETCD_NAMES: SettingNames = {
  suites: ['cipher-suites'],
  minVersion: 'tls-min-version',
  maxVersion: 'tls-max-version',
};

/** etcd.io, "Configuration options" */
const ETCD: TlsOptions = {
  flags: ETCD_NAMES,
  repeatedSuites: 'last',
  file: { flag: 'config-file', directoryFlag: null, keys: ETCD_NAMES, precedence: 'alone' },
  variables: {
    suites: ['ETCD_CIPHER_SUITES'],
    minVersion: 'ETCD_TLS_MIN_VERSION',
    maxVersion: 'ETCD_TLS_MAX_VERSION',
    file: 'ETCD_CONFIG_FILE',
  },
};

/** For a program nobody here knows: the flags of both. */
const UNKNOWN: TlsOptions = {
  ...KUBERNETES,
  flags: { ...ETCD_NAMES, suites: [...KUBERNETES.flags.suites, ...ETCD_NAMES.suites] },
};

export function tlsOptionsOf(component: string): TlsOptions {
  switch (component) {
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-proxy':
    case 'kube-scheduler':
      return KUBERNETES;
    case 'kubelet':
      return KUBELET;
    case 'etcd':
      return ETCD;
    default:
      return UNKNOWN;
  }
}
