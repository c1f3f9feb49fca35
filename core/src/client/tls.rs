//! TLS by rustls: which certificates are trusted, and which protocols are offered.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::reqwest::lock;
use crate::error::{Error, ErrorKind, Result};

/// The TLS setup that the process shares; one of its own for a file of certificates. Cheap to make: the system's trust
/// store is read at the first handshake. A child made by `fork` has its own.
pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig> {
    static SHARED: Mutex<Option<(u32, ClientConfig)>> = Mutex::new(None);
    if let Some(file) = ca_file {
        return Ok(setup(certificates(file)?));
    }
    let pid = std::process::id();
    let Some(mut shared) = lock(&SHARED) else { return Ok(setup(Vec::new())) };
    Ok(match &*shared {
        Some((owner, config)) if *owner == pid => config.clone(),
        _ => shared.insert((pid, setup(Vec::new()))).1.clone(),
    })
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let refuse = |why: String| {
        Error::new(ErrorKind::Configuration, format!("the certificates in `{}` cannot be used: {why}", file.display()))
            .with_path("ca_file")
    };
    let read: std::result::Result<Vec<_>, _> = CertificateDer::pem_file_iter(file).and_then(Iterator::collect);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(refuse("it holds none in PEM form".to_owned())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(refuse(error.to_string())),
    }
}

fn setup(extra: Vec<CertificateDer<'static>>) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(TrustStore { provider: Arc::clone(&provider), extra, verifier: OnceLock::new() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring offers TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

/// The system's trust store, read when the first certificate arrives.
#[derive(Debug)]
struct TrustStore {
    provider: Arc<CryptoProvider>,
    /// What is trusted beside it.
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<std::result::Result<Verifier, rustls::Error>>,
}

impl TrustStore {
    fn verifier(&self) -> std::result::Result<&Verifier, rustls::Error> {
        let make = || Verifier::new_with_extra_roots(self.extra.iter().cloned(), Arc::clone(&self.provider));
        self.verifier.get_or_init(make).as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for TrustStore {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier()?.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier()?.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
