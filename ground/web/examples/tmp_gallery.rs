use axum::{Router, routing::get, extract::{Path, RawQuery}, http::{HeaderMap, StatusCode}, response::{Response,IntoResponse}};
#[tokio::main]
async fn main(){
 async fn page(Path(name): Path<String>, RawQuery(q): RawQuery) -> Response { let lang=if q.unwrap_or_default().contains("lang=en") {kring_web::Lang::En} else {kring_web::Lang::Nl}; let mut r=kring_web::gallery::page(&name,lang).unwrap_or(StatusCode::NOT_FOUND.into_response()); kring_web::headers::secure(r.headers_mut(), kring_web::headers::Keeping::Personal,false); r}
 async fn asset(Path(p): Path<String>, h: HeaderMap)->Response{ kring_web::assets::serve(&p,&h)}
 let app=Router::new().route("/gallery/{name}",get(page)).route("/assets/{*p}",get(asset));
 let l=tokio::net::TcpListener::bind("127.0.0.1:8765").await.unwrap(); axum::serve(l,app).await.unwrap();
}
